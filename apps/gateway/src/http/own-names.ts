import { BlockList, isIP } from "node:net";
import { hostname } from "node:os";

/** Endings under which nobody can register a name that the whole world looks up (RFC 6761, 6762, 8375). */
const LOCAL_NAME = /(^|\.)(localhost|localdomain|local|lan|home|internal|home\.arpa)$/;

/** Addresses that are not routed through the internet (RFC 1918, 3927, 4193, 4291). */
const PRIVATE_ADDRESSES = [
  ["127.0.0.0", 8, "ipv4"],
  ["10.0.0.0", 8, "ipv4"],
  ["172.16.0.0", 12, "ipv4"],
  ["192.168.0.0", 16, "ipv4"],
  ["169.254.0.0", 16, "ipv4"],
  ["::1", 128, "ipv6"],
  ["fc00::", 7, "ipv6"],
  ["fe80::", 10, "ipv6"],
] as const;

/** Host names that a browser may reach the gateway by. */
export interface OwnNames {
  /** Of `PUBLIC_URL`. */
  readonly publicUrl: string | undefined;
  /** `ALLOWED_HOSTS`, in lower case. */
  readonly allowedHosts: readonly string[];
}

/**
 * Whether `host` (as in a `Host` header) cannot be a stranger's name that his DNS server lets point
 * here: an address, a name of the local network, this machine's own, or one that was configured.
 */
export const isOwnHost = (host: string, names: OwnNames): boolean =>
  isIP(nameOf(host)) !== 0 || isNearbyHost(host, names);

/** Whether no stranger on the internet can have a site at `host`. */
export function isNearbyHost(host: string, { publicUrl, allowedHosts }: OwnNames): boolean {
  const name = nameOf(host);
  const version = isIP(name);
  if (version !== 0) return isPrivate(name, version === 4 ? "ipv4" : "ipv6");
  const configured = publicUrl === undefined ? [] : [new URL(publicUrl).hostname];
  return (
    name !== "" &&
    (!name.includes(".") ||
      LOCAL_NAME.test(name) ||
      [hostname().toLowerCase(), ...configured, ...allowedHosts].includes(name))
  );
}

/** Without the port, the brackets of IPv6 and a final dot; empty for what is no host. */
function nameOf(host: string): string {
  const url = `http://${host}`;
  return URL.canParse(url) ? new URL(url).hostname.replace(/^\[|\]$|\.$/g, "") : "";
}

function isPrivate(address: string, family: "ipv4" | "ipv6"): boolean {
  const addresses = new BlockList();
  for (const [net, prefix, of] of PRIVATE_ADDRESSES) addresses.addSubnet(net, prefix, of);
  return addresses.check(address, family);
}
