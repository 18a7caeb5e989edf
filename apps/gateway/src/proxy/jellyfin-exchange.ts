import { request as requestHttp, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import { request as requestHttps } from "node:https";
import { buffer } from "node:stream/consumers";
import { promisify } from "node:util";
import { brotliDecompress, gunzip, inflate, zstdDecompress } from "node:zlib";

/** An answer of Jellyfin's that was read to its end. */
export interface WholeAnswer {
  readonly status: number;
  /** As it came: names and values in turn. */
  readonly rawHeaders: readonly string[];
  readonly headers: IncomingHttpHeaders;
  /** As it came, compressed or not. */
  readonly body: Buffer;
}

/** Of one connection, not of the message; and those that its header `Connection` names (RFC 9110, 7.6.1). */
const HOP_BY_HOP = new Set([
  "connection",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "content-length",
  "host",
  "expect",
]);

/** A client gives up on PlaybackInfo after 10 to 30 s. */
const TIMEOUT_MS = 30_000;

/** Sends one request in the name of the client that made `from`, and reads the whole answer. */
export async function askJellyfin(
  jellyfin: URL,
  from: IncomingMessage,
  asked: {
    readonly method: string;
    readonly url: string;
    readonly headers: IncomingHttpHeaders;
    readonly body: Buffer;
  },
): Promise<WholeAnswer> {
  const request = jellyfin.protocol === "https:" ? requestHttps : requestHttp;
  const isOfConnection = hopByHop(asked.headers.connection);
  const headers = Object.fromEntries(
    Object.entries(asked.headers).filter(([name]) => !isOfConnection(name)),
  );
  const { promise, resolve, reject } = Promise.withResolvers<WholeAnswer>();
  const sent = request(
    new URL(asked.url, jellyfin.origin),
    {
      method: asked.method,
      headers: {
        // As the library adds them to what it passes: Jellyfin treats clients by where they are.
        "x-forwarded-for": from.socket.remoteAddress ?? "",
        "x-forwarded-proto": "http",
        "x-forwarded-host": from.headers.host ?? "",
        ...headers,
        ...(asked.method === "GET" ? {} : { "content-length": asked.body.length }),
      },
      // Asked seldom: a new connection is never one that the server is about to close.
      agent: false,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    },
    (answer) => {
      const { statusCode = 502, rawHeaders } = answer;
      buffer(answer).then(
        (body) => resolve({ status: statusCode, rawHeaders, headers: answer.headers, body }),
        reject,
      );
    },
  );
  sent.on("error", reject);
  sent.end(asked.body);
  return promise;
}

/** Whether a header is of the connection, which `connection` may name more of. */
function hopByHop(connection = ""): (name: string) => boolean {
  const named = new Set(connection.split(",").map((name) => name.trim().toLowerCase()));
  return (name) => HOP_BY_HOP.has(name) || named.has(name);
}

const DECODERS: Readonly<Record<string, (bytes: Buffer) => Promise<Buffer>>> = {
  gzip: promisify(gunzip),
  br: promisify(brotliDecompress),
  deflate: promisify(inflate),
  zstd: promisify(zstdDecompress),
};

/** The text of an answer; undefined when it is compressed in a way not known here. */
export async function readText(
  headers: IncomingHttpHeaders,
  body: Buffer,
): Promise<string | undefined> {
  const encoding = headers["content-encoding"]?.toLowerCase() ?? "identity";
  if (encoding === "identity") return body.toString("utf8");
  const decoded = await DECODERS[encoding]?.(body).catch(() => undefined);
  return decoded?.toString("utf8");
}

/** The JSON of an answer; undefined when it is none. */
export async function readJson(headers: IncomingHttpHeaders, body: Buffer): Promise<unknown> {
  const text = await readText(headers, body);
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Headers of an answer for another body: without what tells of length and compression. */
export function headersForBody(
  rawHeaders: readonly string[],
  body: Buffer,
): [name: string, value: string][] {
  const pairs: [string, string][] = [];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2)
    pairs.push([rawHeaders[i] ?? "", rawHeaders[i + 1] ?? ""]);
  const connections = pairs.filter(([name]) => name.toLowerCase() === "connection");
  const isOfConnection = hopByHop(connections.map(([, value]) => value).join(","));
  const kept = pairs.filter(([name]) => {
    const lower = name.toLowerCase();
    return !isOfConnection(lower) && lower !== "content-encoding" && lower !== "etag";
  });
  return [...kept, ["Content-Length", String(body.length)]];
}
