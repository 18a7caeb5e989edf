/** Who a request comes from, as its Authorization header says. */
export interface ClientIdentity {
  /** Name of the program: `Jellyfin Web`, `Android TV`, … */
  readonly client: string | undefined;
  readonly deviceId: string | undefined;
}

/**
 * Reads `MediaBrowser Client="…", DeviceId="…", …`, also under the older scheme `Emby`. Values are
 * URL-encoded, some clients' without quotes; the token is not read.
 */
export function readClientIdentity(authorization: string | undefined): ClientIdentity {
  const fields = new Map<string, string>();
  if (/^\s*(MediaBrowser|Emby)\s/i.test(authorization ?? "")) {
    for (const [, name = "", quoted, bare = ""] of (authorization ?? "").matchAll(
      /(\w+)\s*=\s*(?:"([^"]*)"|([^",]+))/g,
    ))
      fields.set(name.toLowerCase(), decoded(quoted ?? bare.trim()));
  }
  return { client: fields.get("client"), deviceId: fields.get("deviceid") };
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
