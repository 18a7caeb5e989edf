/** Where on the proxy's port our own part begins; all else is Jellyfin's. */
const OWN = "/upscale";

export interface OwnPath {
  /** What stands before it: Jellyfin's base URL, or one of its older prefixes. */
  readonly prefix: string;
  /** Path and query behind `/upscale`, beginning with `/`. */
  readonly rest: string;
}

/**
 * Finds our part of a request's URL. Clients put the server's address before the URL that they are
 * given, so that Jellyfin's base URL may stand before it.
 */
export function ownPath(url: string, basePath: string): OwnPath | undefined {
  for (const prefix of new Set(["", basePath, "/emby", "/mediabrowser"])) {
    const start = `${prefix}${OWN}`;
    if (!url.startsWith(start)) continue;
    const rest = url.slice(start.length);
    if (rest === "" || /^[/?]/.test(rest))
      return { prefix, rest: rest.startsWith("/") ? rest : `/${rest}` };
  }
  return undefined;
}

/** `/jellyfin` of `http://nas/jellyfin/`; empty for a server at the root. */
export const basePathOf = (jellyfin: URL): string => jellyfin.pathname.replace(/\/+$/, "");
