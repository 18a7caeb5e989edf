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
  /** When it carried something: not while the gateway makes it, and not while nothing is asked for. */
  busy(): readonly Span[];
}

const CHUNK_BYTES = 4096;
/** So much of its time it makes up for after a moment in which this process did not get to it. */
const MADE_UP_MS = 1_000;

export async function openThinLine(gatewayUrl: string, bitsPerSecond: number): Promise<ThinLine> {
  const asked: string[] = [];
  const spans: [number, number][] = [];
  let rate = bitsPerSecond;
  let freeAtMs = 0;
  let carried = 0;

  async function carry(bytes: Buffer, response: ServerResponse): Promise<void> {
    if (carried++ === 0) spans.push([Date.now(), Infinity]);
    try {
      for (let at = 0; at < bytes.length && !response.destroyed; at += CHUNK_BYTES) {
        const chunk = bytes.subarray(at, at + CHUNK_BYTES);
        freeAtMs = Math.max(Date.now() - MADE_UP_MS, freeAtMs) + (chunk.length * 8000) / rate;
        await after(Math.max(0, freeAtMs - Date.now()));
        response.write(chunk);
      }
    } finally {
      const last = spans.at(-1);
      if (--carried === 0 && last !== undefined) last[1] = Date.now();
    }
  }

  const server = createServer((request, response) => {
    const path = request.url ?? "/";
    asked.push(path);
    const gone = new AbortController();
    response.on("close", () => gone.abort());
    const headers = request.headers.range === undefined ? {} : { Range: request.headers.range };
    void (async () => {
      const answer = await fetch(`${gatewayUrl}${path}`, { headers, signal: gone.signal });
      const body = Buffer.from(await answer.arrayBuffer());
      const passed = ["content-type", "content-range", "cache-control", "accept-ranges"];
      for (const name of passed) {
        const value = answer.headers.get(name);
        if (value !== null) response.setHeader(name, value);
      }
      response.writeHead(answer.status, { "Content-Length": body.length });
      await carry(body, response);
      response.end();
    })().catch(() => response.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    asked,
    setRate: (next) => void (rate = next),
    busy: () => spans.map(([from, to]) => [from, Math.min(to, Date.now())]),
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
