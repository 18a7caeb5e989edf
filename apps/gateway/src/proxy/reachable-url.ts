import { networkInterfaces } from "node:os";
import type { Config } from "../config.ts";
import { basePathOf } from "./own-path.ts";

/** The proxy's address as other devices reach it, with Jellyfin's base URL. */
export function reachableUrl(proxyUrl: string, { jellyfin }: Pick<Config, "jellyfin">): string {
  const url = new URL(proxyUrl);
  if (["0.0.0.0", "::"].includes(jellyfin.proxy.host))
    url.hostname = networkAddress() ?? url.hostname;
  const base = jellyfin.url === undefined ? "" : basePathOf(new URL(jellyfin.url));
  return `${url.origin}${base}`;
}

/** The first address of this machine that is not its own alone. */
const networkAddress = (): string | undefined =>
  Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find(({ family, internal }) => family === "IPv4" && !internal)?.address;
