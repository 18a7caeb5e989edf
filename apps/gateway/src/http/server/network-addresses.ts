import { networkInterfaces } from "node:os";

/** Bridges of containers and virtual machines, and tunnels: no phone reaches these. */
const VIRTUAL = /^(docker|br-|veth|virbr|vmnet|vboxnet|cni|flannel|tun|tap|utun|wg|tailscale|zt)/;
/** What routers at home give out, the usual ones first (RFC 1918). */
const AT_HOME = [/^192\.168\./, /^10\./, /^172\.(1[6-9]|2\d|3[01])\./];

/**
 * Addresses of this machine that other devices of its network reach it at, the likeliest first. IPv4 alone: it can be
 * typed into a television.
 */
export function networkAddresses(interfaces = networkInterfaces()): readonly string[] {
  return Object.entries(interfaces)
    .flatMap(([name, addresses]) =>
      (addresses ?? [])
        .filter(({ family, internal }) => family === "IPv4" && !internal)
        .map(({ address }) => ({ address, rank: rankOf(name, address) })),
    )
    .filter(({ address }) => !address.startsWith("169.254."))
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ address }) => address);
}

function rankOf(name: string, address: string): number {
  const atHome = AT_HOME.findIndex((net) => net.test(address));
  return (VIRTUAL.test(name) ? 10 : 0) + (atHome < 0 ? AT_HOME.length : atHome);
}
