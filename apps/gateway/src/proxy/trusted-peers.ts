import { BlockList, isIP } from "node:net";

/** Whether an address is in one of `nets` (`10.0.0.0/8`, or a single address). */
export function trustedPeers(nets: readonly string[]): (address: string) => boolean {
  const trusted = new BlockList();
  for (const net of nets) {
    const [address = "", prefix] = net.split("/");
    const family = isIP(address) === 6 ? "ipv6" : "ipv4";
    if (prefix === undefined) trusted.addAddress(address, family);
    else trusted.addSubnet(address, Number(prefix), family);
  }
  return (address) => trusted.check(address, isIP(address) === 6 ? "ipv6" : "ipv4");
}
