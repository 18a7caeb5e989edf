import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import type { HeaderPair } from "./end-to-end-headers.ts";

/** Path and query of a request's target, which may be a whole URL (RFC 9112, 3.2.2). */
export function originForm(url: string): string {
  if (url.startsWith("/") || url === "*") return url;
  const { pathname, search } = new URL(url);
  return pathname + search;
}

/** Whether bytes follow a request's headers (RFC 9112, 6.3). */
export const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers["transfer-encoding"] !== undefined || (headers["content-length"] ?? "0") !== "0";

/** How long the body that is sent on is: `read` in place of the request's own, when that was read. */
export function bodyHeaders(
  { method, headers }: IncomingMessage,
  read: Buffer | Readable | undefined,
): HeaderPair[] {
  const isBare = method === "GET" || method === "HEAD";
  if (Buffer.isBuffer(read))
    return isBare && read.length === 0 ? [] : [["Content-Length", String(read.length)]];
  if (headers["transfer-encoding"] !== undefined) return [["Transfer-Encoding", "chunked"]];
  const length = headers["content-length"];
  if (length !== undefined) return [["Content-Length", length]];
  return isBare ? [] : [["Content-Length", "0"]];
}

/** Who asks, by which name and how, as far as no proxy before us has said it. */
export function forwardedHeaders({ headers, socket }: IncomingMessage): HeaderPair[] {
  const own: HeaderPair[] = [
    ["X-Forwarded-For", socket.remoteAddress ?? ""],
    ["X-Forwarded-Proto", "http"],
    ["X-Forwarded-Host", headers.host ?? ""],
  ];
  return own.filter(([name, value]) => value !== "" && headers[name.toLowerCase()] === undefined);
}
