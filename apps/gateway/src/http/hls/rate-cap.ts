import { BlockList, isIP } from "node:net";
import { fits, type PlaySituation } from "@upreel/jellyfin";
import type { Variant } from "@upreel/watcher";
import type { RateRule } from "../../config/rate-rules.ts";

/** RFC 1918, 4193, 3927, 6598 and loopback: of these a home, and a provider's own network behind a carrier, is made. */
const HOME = new BlockList();
for (const [address, bits] of [
  ...([
    ["127.0.0.0", 8],
    ["10.0.0.0", 8],
    ["172.16.0.0", 12],
    ["192.168.0.0", 16],
  ] as const),
  ...([
    ["169.254.0.0", 16],
    ["100.64.0.0", 10],
  ] as const),
] as const)
  HOME.addSubnet(address, bits, "ipv4");
for (const [address, bits] of [
  ["::1", 128],
  ["fc00::", 7],
  ["fe80::", 10],
] as const)
  HOME.addSubnet(address, bits, "ipv6");

/** Who asks, as far as it is known. */
export type RateAsker = Pick<PlaySituation, "userId" | "userName" | "client" | "device"> & {
  readonly address: string | undefined;
};

/** Bits a second that this player may be offered; undefined: no bound. */
export function rateCap(rules: readonly RateRule[], asker: RateAsker): number | undefined {
  const isRemote = !isAtHome(asker.address ?? "");
  const found = rules.find(
    ({ remote, network, user, client }) =>
      (remote !== true || isRemote) &&
      (network === undefined || isIn(network, asker.address ?? "")) &&
      fits({ user, client }, asker),
  );
  return found?.bitsPerSecond;
}

/** A player that Jellyfin knows nothing of, by the first word of its user agent: `VLC/3.0.18` is VLC. */
export const clientByAgent = (agent: string | undefined): string | undefined =>
  agent?.split(/[/\s]/)[0];

const familyOf = (address: string): "ipv4" | "ipv6" => (isIP(address) === 6 ? "ipv6" : "ipv4");

function isAtHome(address: string): boolean {
  return isIP(address) !== 0 && HOME.check(address, familyOf(address));
}

function isIn(network: string, address: string): boolean {
  const [base = "", bits] = network.split("/");
  const list = new BlockList();
  list.addSubnet(base, Number(bits), familyOf(base));
  return isIP(address) !== 0 && list.check(address, familyOf(address));
}

/** Those that fit, or the thinnest one: a film is offered in any case. */
export function withinRate<V extends Pick<Variant, "bandwidth">>(
  variants: readonly [V, ...V[]],
  cap: number | undefined,
): readonly [V, ...V[]] {
  if (cap === undefined) return variants;
  const [first, ...others] = variants.filter(({ bandwidth }) => bandwidth <= cap);
  if (first !== undefined) return [first, ...others];
  // Of two that tell the same the smaller one, which comes later.
  return [variants.reduce((a, b) => (b.bandwidth <= a.bandwidth ? b : a))];
}
