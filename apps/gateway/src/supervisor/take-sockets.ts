import type { Server } from "node:http";
import { Socket } from "node:net";
import { socketMessageSchema, type Door, type GatewayMessage } from "./handover.ts";

/**
 * The gateway's side: every socket that the supervisor sends becomes a connection of the server
 * behind its door. `onAlone` is called when the supervisor is gone.
 */
export function takeSockets(
  servers: Readonly<Record<Door, Server | undefined>>,
  onAlone: () => void,
): void {
  const say = (message: GatewayMessage): void => {
    if (process.connected) process.send?.(message);
  };
  process.on("message", (message, handle) => {
    const { number, door } = socketMessageSchema.parse(message);
    say({ type: "taken", number });
    // A client that went before its socket arrived leaves nothing to take.
    if (!(handle instanceof Socket)) return;
    servers[door]?.emit("connection", handle);
    handle.resume();
  });
  process.once("disconnect", onAlone);
  say({ type: "ready" });
}
