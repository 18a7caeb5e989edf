import type { IncomingMessage, ServerResponse } from "node:http";
import { brotliCompressSync, gzipSync } from "node:zlib";

/** What Jellyfin compresses at all. */
const COMPRESS_FROM_BYTES = 1024;

/** Compressed as the client accepts, like Kestrel does. */
export function sendBody(
  request: IncomingMessage,
  response: ServerResponse,
  body: string | Buffer,
  type: string,
): void {
  const bytes = Buffer.from(body);
  const accepted = String(request.headers["accept-encoding"] ?? "");
  const encoding =
    bytes.length < COMPRESS_FROM_BYTES
      ? undefined
      : /\bbr\b/.test(accepted)
        ? "br"
        : /\bgzip\b/.test(accepted)
          ? "gzip"
          : undefined;
  const sent =
    encoding === "br" ? brotliCompressSync(bytes) : encoding === "gzip" ? gzipSync(bytes) : bytes;
  response.setHeader("Content-Type", type);
  response.setHeader("Content-Length", sent.length);
  if (encoding !== undefined) {
    response.setHeader("Content-Encoding", encoding);
    response.setHeader("Vary", "Accept-Encoding");
  }
  response.end(sent);
}

export function sendJson(request: IncomingMessage, response: ServerResponse, value: unknown): void {
  sendBody(request, response, JSON.stringify(value), "application/json; charset=utf-8");
}

export function sendStatus(response: ServerResponse, status: number, text = ""): void {
  response.statusCode = status;
  response.end(text);
}
