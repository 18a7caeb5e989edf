import type { Config } from "../config.ts";
import { networkAddresses } from "../http/server/network-addresses.ts";
import { basePathOf } from "./own-path.ts";

/** The proxy's address as other devices reach it, with Jellyfin's base URL. */
export function reachableUrl(proxyUrl: string, { jellyfin }: Pick<Config, "jellyfin">): string {
  const url = new URL(proxyUrl);
  if (["0.0.0.0", "::"].includes(jellyfin.proxy.host))
    url.hostname = networkAddresses()[0] ?? url.hostname;
  const base = jellyfin.url === undefined ? "" : basePathOf(new URL(jellyfin.url));
  return `${url.origin}${base}`;
}
