import type { IncomingMessage } from "node:http";
import { hasLegacyAuthorization, type FakeVersion } from "./version.ts";

export interface FakeCaller {
  readonly token: string | undefined;
  readonly deviceId: string | undefined;
  readonly device: string | undefined;
  readonly client: string | undefined;
}

/** Who calls: the `Authorization: MediaBrowser` header or `ApiKey=`, and the older ways before 12.0. */
export function readCaller(
  request: IncomingMessage,
  query: URLSearchParams,
  version: FakeVersion,
): FakeCaller {
  const legacy = hasLegacyAuthorization(version);
  const header =
    request.headers.authorization ??
    (legacy ? headerText(request, "x-emby-authorization") : undefined);
  const scheme = legacy ? /^(MediaBrowser|Emby)\s/i : /^MediaBrowser\s/i;
  const fields = new Map<string, string>();
  if (header !== undefined && scheme.test(header))
    for (const [, name = "", value = ""] of header.matchAll(/(\w+)="([^"]*)"/g))
      fields.set(name.toLowerCase(), decodeURIComponent(value));
  const lower = new Map([...query].map(([name, value]) => [name.toLowerCase(), value]));
  return {
    token:
      fields.get("token") ??
      lower.get("apikey") ??
      (legacy
        ? (headerText(request, "x-emby-token") ??
          headerText(request, "x-mediabrowser-token") ??
          lower.get("api_key"))
        : undefined),
    deviceId: fields.get("deviceid"),
    device: fields.get("device"),
    client: fields.get("client"),
  };
}

function headerText(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === "string" ? value : undefined;
}
