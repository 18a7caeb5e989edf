import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { setTimeout as after } from "node:timers/promises";

/** A time in which something lasted, in milliseconds since 1970. */
export type Span = readonly [fromMs: number, toMs: number];

/** A line between players and a gateway, on which bytes take their time. */
export interface ThinLine extends AsyncDisposable {
  readonly url: string;
  setRate(bitsPerSecond: number): void;
  /** What was asked for, path and query, in that order. */
  readonly asked: readonly string[];
  /**
   * When it had something to carry, by its rate alone: neither the time in which a gateway answers nor that in which this
   * process waits for its turn on a busy machine is in it.
   */
  busy(): readonly Span[];
}

const CHUNK_BYTES = 16_384;
const PASSED_HEADERS = ["content-type", "content-range", "cache-control", "accept-ranges"];

export async function openThinLine(gatewayUrl: string, bitsPerSecond: number): Promise<ThinLine> {
  const asked: string[] = [];
  const spans: [number, number][] = [];
  let rate = bitsPerSecond;
  let carried = 0;

  async function carry(bytes: Buffer, response: ServerResponse): Promise<void> {
    if (carried === 0) spans.push([Date.now(), Date.now()]);
    carried += 1;
    const span = spans.at(-1) ?? [0, 0];
    try {
      for (let at = 0; at < bytes.length && !response.destroyed; at += CHUNK_BYTES) {
        const chunk = bytes.subarray(at, at + CHUNK_BYTES);
        span[1] += (chunk.length * 8_000) / rate;
        const earlyMs = span[1] - Date.now();
        if (earlyMs > 0) await after(earlyMs);
        response.write(chunk);
      }
    } finally {
      carried -= 1;
    }
  }

  async function pass(path: string, range: string | undefined, response: ServerResponse) {
    const gone = new AbortController();
    response.on("close", () => gone.abort());
    const headers = range === undefined ? {} : { Range: range };
    const answer = await fetch(`${gatewayUrl}${path}`, { headers, signal: gone.signal });
    const body = Buffer.from(await answer.arrayBuffer());
    for (const name of PASSED_HEADERS) {
      const value = answer.headers.get(name);
      if (value !== null) response.setHeader(name, value);
    }
    response.writeHead(answer.status, { "Content-Length": body.length });
    await carry(body, response);
    response.end();
  }

  const server = createServer((request, response) => {
    const path = request.url ?? "/";
    asked.push(path);
    pass(path, request.headers.range, response).catch(() => response.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    asked,
    setRate: (next) => void (rate = next),
    busy: () => spans,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** How long of a span any of the others lasted, in milliseconds; they do not overlap. */
export const overlapMs = ([from, to]: Span, others: readonly Span[]): number =>
  others.reduce((sum, [a, b]) => sum + Math.max(0, Math.min(to, b) - Math.max(from, a)), 0);
