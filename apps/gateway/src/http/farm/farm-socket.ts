import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { MOST_WORKER_MESSAGE_BYTES, toUpreelError, type Log } from "@upreel/core";
import type { FarmDesk } from "@upreel/engine";
import { linkOf } from "@upreel/workers";
import type { WebSocketServer } from "ws";
import { workerOf } from "./worker-key.ts";

const PATH = "/farm/worker/socket";

/** Whether a request is a worker's that wants to join. */
export const isFarmUpgrade = ({ method, headers, url }: IncomingMessage): boolean =>
  method === "GET" && headers.upgrade?.toLowerCase() === "websocket" && url === PATH;

/** Takes the workers of other machines in, each by its key. */
export function takeWorkers(
  server: Server,
  { farm, log }: { readonly farm: FarmDesk; readonly log: Log },
): void {
  let sockets: Promise<WebSocketServer> | undefined;
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on("error", () => socket.destroy());
    const letIn = async (): Promise<void> => {
      const name = workerOf(request, farm);
      const opened = await (sockets ??= openSockets());
      opened.handleUpgrade(request, socket, head, (taken) => farm.join(name, linkOf(taken)));
    };
    letIn().catch((thrown: unknown) => {
      const { code, message } = toUpreelError(thrown);
      log.warn(`A worker was refused: ${message}`, { from: request.socket.remoteAddress });
      const status = code === "unauthorized" ? "401 Unauthorized" : "400 Bad Request";
      // Who never ends its own half would keep the connection for ever.
      socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () =>
        socket.destroy(),
      );
    });
  });
}

/** Who has no farm does without it. */
async function openSockets(): Promise<WebSocketServer> {
  const ws = await import("ws");
  const options = { noServer: true, maxPayload: MOST_WORKER_MESSAGE_BYTES };
  return new ws.WebSocketServer({ ...options, perMessageDeflate: false });
}
