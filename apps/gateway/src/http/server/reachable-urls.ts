import type { Config } from "../../config.ts";
import { isLoopback } from "../../config/is-loopback.ts";
import { networkAddresses } from "./network-addresses.ts";

/** Where other devices reach the pages, the likeliest first; none where only this machine can. */
export function reachableUrls(
  { host, publicUrl }: Pick<Config, "host" | "publicUrl">,
  port: number,
): readonly string[] {
  if (publicUrl !== undefined) return [publicUrl];
  if (isLoopback(host)) return [];
  const hosts = ["0.0.0.0", "::"].includes(host) ? networkAddresses() : [host];
  return hosts.map((each) => `http://${each.includes(":") ? `[${each}]` : each}:${port}`);
}
