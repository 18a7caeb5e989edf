import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import type { HeaderPair } from "../../http/server/end-to-end-headers.ts";

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

/** What tells the next server of the client; Jellyfin judges by it who is in its own network. */
export const FORWARDED =
  /^(forwarded|x-forwarded-[a-z-]+|x-real-ip|x-original-[a-z-]+|x-client-ip)$/i;

/** Whether the word is taken of who sends `request` from `address` on where it comes from. */
export type IsTrusted = (address: string, request: IncomingMessage) => boolean;

/**
 * Who asks, by which name and how. A trusted proxy's word is taken and its address added; what anybody
 * else says of himself is not.
 */
export function forwardedHeaders(request: IncomingMessage, isTrusted: IsTrusted): HeaderPair[] {
  const { headers, socket } = request;
  const peer = plainAddress(socket.remoteAddress ?? "");
  const said = (name: string): string => {
    const value = headers[`x-forwarded-${name}`];
    return isTrusted(peer, request) && typeof value === "string" ? value : "";
  };
  const pairs: HeaderPair[] = [
    ["X-Forwarded-For", [said("for"), peer].filter((each) => each !== "").join(", ")],
    ["X-Forwarded-Proto", said("proto") || "http"],
    ["X-Forwarded-Host", said("host") || (headers.host ?? "")],
  ];
  return pairs.filter(([, value]) => value !== "");
}

/** Without the prefix of an IPv4 address on a socket of IPv6. */
const plainAddress = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/, "");
