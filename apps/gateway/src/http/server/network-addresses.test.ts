import type { NetworkInterfaceInfo } from "node:os";
import { expect, it } from "vitest";
import { networkAddresses } from "./network-addresses.ts";

const at = (address: string, internal = false): NetworkInterfaceInfo => ({
  ...{ address, internal, family: "IPv4", netmask: "255.255.255.0", mac: "", cidr: null },
});

it("a phone is told the address of the network at home, not that of a container's bridge", () => {
  expect(
    networkAddresses({
      lo: [at("127.0.0.1", true)],
      docker0: [at("172.17.0.1")],
      "br-1a2b": [at("192.168.99.1")],
      usb0: [at("169.254.3.4")],
      wlan0: [at("192.168.1.20")],
      eth0: [at("10.0.0.5")],
      ppp0: [at("203.0.113.9")],
      none: undefined,
    }),
  ).toEqual(["192.168.1.20", "10.0.0.5", "203.0.113.9", "192.168.99.1", "172.17.0.1"]);
});
