/** What `upreel serve --share` prints: the token behind `#`, which browsers send to nobody. */
const LINK = /^#token=(.+)$/;

/** The token that an address carries; undefined where it carries none. */
export function tokenIn(hash: string): string | undefined {
  const found = LINK.exec(hash)?.[1];
  try {
    return found === undefined ? undefined : decodeURIComponent(found);
  } catch {
    return undefined;
  }
}

/** The address of the pages that signs in whoever opens it. */
export const signedIn = (url: string, token: string | undefined): string =>
  token === undefined ? url : `${url}#token=${encodeURIComponent(token)}`;
