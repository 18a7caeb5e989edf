import { expect, it } from "vitest";
import { trustedPeers } from "./trusted-peers.ts";

it("knows addresses and networks, also when IPv4 comes by a socket of IPv6", () => {
  const isTrusted = trustedPeers(["127.0.0.0/8", "::1", "10.1.0.0/16", "192.168.1.7", "fd00::/8"]);
  for (const address of ["127.0.0.1", "::1", "::ffff:10.1.2.3", "192.168.1.7", "fd12::1"])
    expect([address, isTrusted(address)]).toEqual([address, true]);
  for (const address of ["10.2.0.1", "192.168.1.8", "::ffff:8.8.8.8", "fe80::1", ""])
    expect([address, isTrusted(address)]).toEqual([address, false]);
});
