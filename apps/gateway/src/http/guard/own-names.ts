import { isIP } from "node:net";
import { hostname } from "node:os";

/** Endings under which nobody can register a name that the whole world looks up (RFC 6761, 6762, 8375). */
const LOCAL_NAME = /(^|\.)(localhost|localdomain|local|lan|home|internal|home\.arpa)$/;

/** What a browser may reach the gateway by. */
export interface OwnNames {
  readonly publicUrl: string | undefined;
  /** `ALLOWED_HOSTS`: names, or names with a port, in lower case. */
  readonly allowedHosts: readonly string[];
}

/**
 * Whether `host` (as in a `Host` header) cannot be a stranger's name that his DNS server lets point
 * here: an address, a name of the local network, this machine's own, or one that was configured.
 */
export function isOwnHost(host: string, names: OwnNames): boolean {
  const name = nameOf(host);
  if (name === "") return false;
  if (isIP(name) !== 0 || !name.includes(".") || LOCAL_NAME.test(name)) return true;
  const { publicUrl, allowedHosts } = names;
  const configured = [
    hostname().toLowerCase(),
    ...(publicUrl === undefined ? [] : [nameOf(new URL(publicUrl).host)]),
    ...allowedHosts.map(nameOf),
  ];
  return configured.includes(name);
}

/** Whether an `Origin` was configured as ours: the one of `PUBLIC_URL`, or an entry of `ALLOWED_HOSTS`. */
export function isConfiguredOrigin(origin: string, { publicUrl, allowedHosts }: OwnNames): boolean {
  if (!URL.canParse(origin)) return false;
  const url = new URL(origin);
  return (
    (publicUrl !== undefined && new URL(publicUrl).origin === url.origin) ||
    allowedHosts.includes(url.host)
  );
}

/** Without the port, the brackets of IPv6 and a final dot; empty for what is no host. */
function nameOf(host: string): string {
  return URL.parse(`http://${host}`)?.hostname.replace(/^\[|\]$|\.$/g, "") ?? "";
}
