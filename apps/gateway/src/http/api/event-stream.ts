import type { Request, Response } from "express";

const HEARTBEAT_MS = 15_000;
/** A client that reads this slowly is dropped; it reconnects and gets the current state. */
const MAX_UNREAD_BYTES = 1024 * 1024;

/** An open answer of server-sent events. */
export interface EventStream {
  send(event: string, payload: unknown): void;
  /** When the client has taken most of what was sent, or is gone. */
  taken(): Promise<void>;
  end(): void;
}

/**
 * Starts an answer of server-sent events, kept open with comments (proxies close silent
 * connections). `onClose` runs once, whoever ends it.
 */
export function openEventStream(
  request: Request,
  response: Response,
  { closing, onClose }: { closing: AbortSignal; onClose: () => void },
): EventStream {
  response.writeHead(200, {
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "no-store",
    // nginx would collect events before it passes them on
    "X-Accel-Buffering": "no",
  });
  response.flushHeaders();
  const write = (text: string): void => {
    if (response.writableLength > MAX_UNREAD_BYTES) response.destroy();
    else if (!response.destroyed) response.write(text);
  };
  const heartbeat = setInterval(() => write(": still here\n\n"), HEARTBEAT_MS);
  const end = (): void => void response.end();
  closing.addEventListener("abort", end, { once: true });
  response.once("close", () => {
    clearInterval(heartbeat);
    closing.removeEventListener("abort", end);
    onClose();
  });
  if (closing.aborted || request.destroyed) end();
  return {
    async taken() {
      if (!response.writableNeedDrain || response.destroyed) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      const settle = (): void => {
        response.off("drain", settle).off("close", settle);
        resolve();
      };
      response.on("drain", settle).on("close", settle);
      await promise;
    },
    send: (event, payload) => write(`event: ${event}\ndata: ${JSON.stringify(payload)}\n\n`),
    end,
  };
}
