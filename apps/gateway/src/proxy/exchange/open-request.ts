import {
  request as requestHttp,
  type ClientRequest,
  type ClientRequestArgs,
  type IncomingMessage,
} from "node:http";
import { request as requestHttps } from "node:https";
import { urlToHttpOptions } from "node:url";
import { endToEndHeaders } from "../../http/server/end-to-end-headers.ts";
import { FORWARDED, forwardedHeaders, originForm, type IsTrusted } from "./request-parts.ts";

/** Where requests go, and whose word about clients goes on with them. */
export interface Target {
  readonly url: URL;
  readonly isTrusted: IsTrusted;
}

/**
 * Sends the request `from` on to the host of `target`: its method, path and end-to-end headers, and
 * `added` ones. Throws what node:http finds wrong with it, so that this is never thrown later.
 */
export function openRequest(
  { url: target, isTrusted }: Target,
  from: IncomingMessage,
  added: readonly string[],
  { without = [], ...options }: ClientRequestArgs & { without?: readonly string[] },
): ClientRequest {
  const request = target.protocol === "https:" ? requestHttps : requestHttp;
  const dropped = new Set(["host", ...without]);
  return request({
    ...urlToHttpOptions(new URL(target.origin)),
    method: from.method ?? "GET",
    path: originForm(from.url ?? "/"),
    // Stored at once when they are an array, and checked by that.
    headers: [
      ...["Host", target.host],
      ...endToEndHeaders(from.rawHeaders)
        .filter(([name]) => !dropped.has(name.toLowerCase()) && !FORWARDED.test(name))
        .flat(),
      ...forwardedHeaders(from, isTrusted).flat(),
      ...added,
    ],
    ...options,
  });
}
