import {
  request as requestHttp,
  type ClientRequest,
  type ClientRequestArgs,
  type IncomingMessage,
} from "node:http";
import { request as requestHttps } from "node:https";
import { urlToHttpOptions } from "node:url";
import { endToEndHeaders } from "./end-to-end-headers.ts";
import { forwardedHeaders, originForm } from "./request-parts.ts";

/**
 * Sends the request `from` on to the host of `target`: its method, path and end-to-end headers, and
 * `added` ones. Throws what node:http finds wrong with it, so that this is never thrown later.
 */
export function openRequest(
  target: URL,
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
        .filter(([name]) => !dropped.has(name.toLowerCase()))
        .flat(),
      ...forwardedHeaders(from).flat(),
      ...added,
    ],
    ...options,
  });
}
