import { Socket } from "node:net";
import { socketMessageSchema, type Door, type GatewayMessage } from "./handover.ts";

const say = (message: GatewayMessage): void => {
  if (process.connected) process.send?.(message);
};

/** Ends this gateway; the supervisor starts another one, and callers wait for it. */
export const askForRestart = (): void => say({ type: "restart" });

/** The gateway's side: every socket that the supervisor sends goes to the server behind its door. */
export function takeSockets(
  servers: Readonly<Record<Door, { take(socket: Socket): void } | undefined>>,
): void {
  process.on("message", (message, handle) => {
    const { number, door } = socketMessageSchema.parse(message);
    say({ type: "taken", number });
    // A client that went before its socket arrived leaves nothing to take.
    if (!(handle instanceof Socket)) return;
    servers[door]?.take(handle);
  });
  say({ type: "ready" });
}
