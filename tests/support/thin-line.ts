import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { setTimeout as after } from "node:timers/promises";

/** An answer that went over the line. */
export interface Carried {
  readonly path: string;
  /** How long its bytes took by the line's rate alone, in milliseconds. */
  readonly lineMs: number;
  /** Whether all of it went over: a player gives up what comes too slowly. */
  readonly isWhole: boolean;
}

/** A line between players and a gateway, on which bytes take their time. */
export interface ThinLine extends AsyncDisposable {
  readonly url: string;
  setRate(bitsPerSecond: number): void;
  /** What was asked for, path and query, in that order. */
  readonly asked: readonly string[];
  /**
   * What went over, in the order of its ends. Neither the time in which a gateway answers nor that in which a process waits
   * for its turn on a busy machine is in it.
   */
  readonly carried: readonly Carried[];
}

const CHUNK_BYTES = 16_384;
const PASSED_HEADERS = ["content-type", "content-range", "cache-control", "accept-ranges"];

export async function openThinLine(gatewayUrl: string, bitsPerSecond: number): Promise<ThinLine> {
  const asked: string[] = [];
  const carried: Carried[] = [];
  let rate = bitsPerSecond;
  let carrying = 0;
  let isFreeAt = 0;

  async function carry(path: string, bytes: Buffer, response: ServerResponse): Promise<void> {
    // While it is busy, what a process that waited for its turn has lost is made up for.
    if (carrying === 0) isFreeAt = Date.now();
    carrying += 1;
    let lineMs = 0;
    let at = 0;
    for (; at < bytes.length && !response.destroyed; at += CHUNK_BYTES) {
      const chunk = bytes.subarray(at, at + CHUNK_BYTES);
      const chunkMs = (chunk.length * 8_000) / rate;
      lineMs += chunkMs;
      isFreeAt += chunkMs;
      const earlyMs = isFreeAt - Date.now();
      if (earlyMs > 0) await after(earlyMs);
      response.write(chunk);
    }
    carrying -= 1;
    carried.push({ path, lineMs, isWhole: at >= bytes.length && !response.destroyed });
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
    await carry(path, body, response);
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
    carried,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
