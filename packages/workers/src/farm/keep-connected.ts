import { setTimeout as sleep } from "node:timers/promises";
import { FARM_BEAT_MS, FARM_LOST_MS, UpreelError, type Log } from "@upreel/core";
import type { WebSocket } from "ws";
import { authorization, type FarmAddress } from "./gateway-client.ts";
import type { FarmLink } from "./farm-link.ts";
import { linkOf } from "./socket-link.ts";

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;
const HANDSHAKE_MS = 10_000;
/** An order holds the whole timeline of its film. */
const MOST_ORDER_BYTES = 64 * 1024 * 1024;

/**
 * Connects to the gateway, and again as long as `signal` lets it; `work` settles when a connection is over, with an
 * error when there is to be none again. Rejects with that, or with `unauthorized`.
 */
export async function keepConnected(
  address: FarmAddress,
  work: (link: FarmLink) => Promise<UpreelError | undefined>,
  log: Log,
  signal: AbortSignal,
): Promise<void> {
  let pauseMs = FIRST_PAUSE_MS;
  let isTold = false;
  while (!signal.aborted) {
    try {
      const socket = await openSocket(address, signal);
      [pauseMs, isTold] = [FIRST_PAUSE_MS, false];
      const refusal = await work(linkOf(socket));
      if (refusal !== undefined) throw refusal;
    } catch (thrown) {
      if (signal.aborted) return;
      if (thrown instanceof UpreelError) throw thrown;
      const why = thrown instanceof Error ? thrown.message : String(thrown);
      if (!isTold) log.warn(`No gateway at ${address.url} (${why}); trying again`);
      isTold = true;
    }
    await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
    pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
  }
}

async function openSocket(address: FarmAddress, signal: AbortSignal): Promise<WebSocket> {
  // A gateway without a farm does without it.
  const ws = await import("ws");
  signal.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<WebSocket>();
  const socket = new ws.WebSocket(`${address.url.replace(/^http/, "ws")}/farm/worker/socket`, {
    headers: { Authorization: authorization(address) },
    ...{ handshakeTimeout: HANDSHAKE_MS, maxPayload: MOST_ORDER_BYTES, perMessageDeflate: false },
  });
  const leave = (): void => socket.terminate();
  signal.addEventListener("abort", leave, { once: true });
  socket.once("open", () => resolve(socket));
  socket.once("error", reject);
  socket.once("unexpected-response", (_, { statusCode }) => {
    const isKey = statusCode === 401;
    const error = new UpreelError("unauthorized", "The gateway does not know this key", {
      expected: "the key that `upreel farm add NAME` prints there",
      got: `${address.name} with another key, or one that was taken away`,
    });
    reject(isKey ? error : new Error(`it answered ${statusCode}`));
    socket.terminate();
  });
  // A line that is cut says nothing of it.
  let silentMs = 0;
  const asking = setInterval(() => {
    // A gateway that starts again lets in late, which has a time of its own: it is not silent.
    if (socket.readyState !== ws.WebSocket.OPEN) return;
    silentMs += FARM_BEAT_MS;
    if (silentMs > FARM_LOST_MS) socket.terminate();
    else socket.ping();
  }, FARM_BEAT_MS);
  socket.on("pong", () => (silentMs = 0));
  socket.once("close", () => {
    clearInterval(asking);
    signal.removeEventListener("abort", leave);
  });
  return promise;
}
