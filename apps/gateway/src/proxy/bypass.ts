import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Log } from "@upreel/streams";
import type { Bypass } from "../supervisor/supervise.ts";
import { basePathOf, ownPath } from "./own-path.ts";
import { createPassThrough } from "./pass-through.ts";

/**
 * Jellyfin without a gateway, in the supervisor's own process: nobody is kept from it by a gateway
 * that does not come up. What is ours waits until one does, and then goes to it through the door
 * `ownUrl`. Connections end with their answer, so that the next request comes in by the door again.
 */
export function createBypass(
  { jellyfin, log }: { readonly jellyfin: URL; readonly log: Log },
  ownUrl: string,
  whenReady: () => Promise<void>,
): Bypass {
  const toJellyfin = createPassThrough(jellyfin, log);
  const toGateway = createPassThrough(new URL(ownUrl), log);
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (ownPath(request.url ?? "/", basePathOf(jellyfin)) === undefined)
      return toJellyfin.watch(request, response, endConnection);
    await whenReady();
    if (!response.destroyed) toGateway.watch(request, response, endConnection);
  };
  const endConnection = ({ headers }: IncomingMessage): void => {
    headers.connection = "close";
  };
  const server = createServer((request, response) => void answer(request, response));
  server.requestTimeout = 0;
  server.on("upgrade", (request, socket, head) => toJellyfin.upgrade(request, socket, head));
  return {
    take(socket) {
      server.emit("connection", socket);
      socket.resume();
    },
    [Symbol.dispose]() {
      toJellyfin[Symbol.dispose]();
      toGateway[Symbol.dispose]();
      server.closeAllConnections();
    },
  };
}
