import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer, type WebSocket } from "ws";

/** The server's `/socket`: every message comes back, so that a proxy can be seen to carry them. */
export interface FakeSockets {
  readonly open: ReadonlySet<WebSocket>;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, deviceId: string | null): void;
  /** To all sockets of a device. */
  tell(deviceId: string, message: unknown): void;
}

export function createFakeSockets(): FakeSockets {
  const server = new WebSocketServer({ noServer: true });
  const byDevice = new Map<string, Set<WebSocket>>();
  return {
    open: server.clients,
    tell(deviceId, message) {
      for (const client of byDevice.get(deviceId) ?? []) client.send(JSON.stringify(message));
    },
    upgrade(request, socket, head, deviceId) {
      server.handleUpgrade(request, socket, head, (client) => {
        if (deviceId !== null) {
          const all = byDevice.getOrInsertComputed(deviceId, () => new Set());
          all.add(client);
          client.on("close", () => all.delete(client));
        }
        client.send(JSON.stringify({ MessageType: "ForceKeepAlive", Data: 60 }));
        client.on("message", (message, isBinary) => client.send(message, { binary: isBinary }));
      });
    },
  };
}
