import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import { promisify } from "node:util";
import { brotliDecompress, gunzip, inflate, zstdDecompress } from "node:zlib";
import { endToEndHeaders, type HeaderPair } from "../../http/server/end-to-end-headers.ts";
import { openRequest, type Target } from "./open-request.ts";
import { bodyHeaders } from "./request-parts.ts";

/** An answer of Jellyfin's that was read to its end. */
export interface WholeAnswer {
  readonly status: number;
  /** As it came: names and values in turn. */
  readonly rawHeaders: readonly string[];
  readonly headers: IncomingHttpHeaders;
  /** As it came, compressed or not. */
  readonly body: Buffer;
}

/** Answers that are read whole have some hundred kilobytes at most, unpacked, too. */
const LIMIT_BYTES = 4 * 1024 * 1024;

/** A client gives up on PlaybackInfo after 10 to 30 s. */
const TIMEOUT_MS = 30_000;

/**
 * Sends one request in the name of the client that made `from`, and reads the whole answer; of Jellyfin, or of
 * another gateway's proxy, which answers as Jellyfin does.
 */
export async function askJellyfin(
  jellyfin: Target,
  from: IncomingMessage,
  asked: {
    /** In place of the path of `from`. */
    readonly url?: string;
    /** Headers of `from` that do not go on, in lower case. */
    readonly without?: readonly string[];
    /** Headers besides: names and values in turn. */
    readonly added?: readonly string[];
    readonly body?: Buffer;
    /** How long the whole answer may take. */
    readonly answerMs?: number;
  } = {},
): Promise<WholeAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<WholeAnswer>();
  const { url, body, without = [], added = [], answerMs = TIMEOUT_MS } = asked;
  const framing = bodyHeaders(from, body ?? Buffer.alloc(0)).flat();
  const sent = openRequest(jellyfin, from, [...framing, ...added], {
    ...(url === undefined ? {} : { path: url }),
    without,
    // Asked seldom: a new connection is never one that the server is about to close.
    agent: false,
    signal: AbortSignal.timeout(answerMs),
  });
  sent.once("response", (answer) => {
    const { statusCode = 502, rawHeaders, headers } = answer;
    readBounded(answer).then(
      (bytes) => resolve({ status: statusCode, rawHeaders, headers, body: bytes }),
      reject,
    );
  });
  sent.on("error", reject);
  sent.end(body);
  return promise;
}

async function readBounded(answer: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of answer) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > LIMIT_BYTES) throw new Error(`the answer is longer than ${LIMIT_BYTES} bytes`);
  }
  return Buffer.concat(chunks);
}

type Decode = (bytes: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>;

const DECODERS: Readonly<Record<string, Decode>> = {
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
  const decoded = await DECODERS[encoding]?.(body, { maxOutputLength: LIMIT_BYTES }).catch(
    () => undefined,
  );
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
export function headersForBody(rawHeaders: readonly string[], body: Buffer): HeaderPair[] {
  const kept = endToEndHeaders(rawHeaders).filter(
    ([name]) => !["content-encoding", "etag"].includes(name.toLowerCase()),
  );
  return [...kept, ["Content-Length", String(body.length)]];
}

/** Sends an answer that was read whole, compressed as it came. */
export function sendWhole(
  response: ServerResponse,
  { status, rawHeaders, body }: WholeAnswer,
): void {
  const headers = headersForBody(rawHeaders, body);
  const at = rawHeaders.findIndex((name, i) => i % 2 === 0 && /^content-encoding$/i.test(name));
  const encoding = at < 0 ? [] : ["Content-Encoding", rawHeaders[at + 1] ?? "identity"];
  response.writeHead(status, [...headers.flat(), ...encoding]);
  response.end(body);
}
