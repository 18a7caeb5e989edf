import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer, type WebSocket } from "ws";

/** The server's `/socket`: every message comes back, so that a proxy can be seen to carry them. */
export interface FakeSockets {
  readonly open: ReadonlySet<WebSocket>;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

export function createFakeSockets(): FakeSockets {
  const server = new WebSocketServer({ noServer: true });
  return {
    open: server.clients,
    upgrade(request, socket, head) {
      server.handleUpgrade(request, socket, head, (client) => {
        client.send(JSON.stringify({ MessageType: "ForceKeepAlive", Data: 60 }));
        client.on("message", (message, isBinary) => client.send(message, { binary: isBinary }));
      });
    },
  };
}
