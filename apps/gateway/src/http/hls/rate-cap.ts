import { BlockList, isIP } from "node:net";
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

/** Bits a second that a player at this address may be offered; undefined: no bound. */
export function rateCap(
  rules: readonly RateRule[],
  address: string | undefined,
): number | undefined {
  const isRemote = !isAtHome(address ?? "");
  return rules.find(({ remote }) => remote !== true || isRemote)?.bitsPerSecond;
}

function isAtHome(address: string): boolean {
  const family = isIP(address);
  return family !== 0 && HOME.check(address, family === 6 ? "ipv6" : "ipv4");
}

/** Those that fit, or the thinnest one: a film is offered in any case. */
export function withinRate(
  variants: readonly [Variant, ...Variant[]],
  cap: number | undefined,
): readonly [Variant, ...Variant[]] {
  if (cap === undefined) return variants;
  const [first, ...others] = variants.filter(({ bandwidth }) => bandwidth <= cap);
  if (first !== undefined) return [first, ...others];
  return [variants.reduce((a, b) => (b.bandwidth < a.bandwidth ? b : a))];
}
