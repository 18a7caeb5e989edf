import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Log } from "@upreel/core";
import type { LastDefence } from "../http/server/last-defence.ts";
import type { Bypass } from "../supervisor/supervise.ts";
import { basePathOf, ownPath } from "./own-path.ts";
import { createPassThrough } from "./exchange/pass-through.ts";
import { isWebsocket } from "./exchange/pass-upgrade.ts";
import { trustedPeers } from "./trusted-peers.ts";

export interface BypassDeps {
  readonly jellyfin: URL;
  readonly trustedProxies: readonly string[];
  readonly log: Log;
  readonly defence: LastDefence;
}

/**
 * Jellyfin without a gateway, in the supervisor's own process: nobody is kept from it by a gateway
 * that does not come up. What is ours waits until one does, and then goes to it through the door
 * `ownUrl`. Connections end with their answer, so that the next request comes in by the door again.
 */
export function createBypass(
  { jellyfin, trustedProxies, log, defence }: BypassDeps,
  ownUrl: string,
  whenReady: () => Promise<void>,
): Bypass {
  const options = { log, endsConnections: true };
  const isTrusted = trustedPeers(trustedProxies);
  const toJellyfin = createPassThrough({ url: jellyfin, isTrusted }, options);
  const toGateway = createPassThrough({ url: new URL(ownUrl), isTrusted }, options);
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (ownPath(request.url ?? "/", basePathOf(jellyfin)) === undefined)
      return toJellyfin.web(request, response);
    await whenReady();
    if (!response.destroyed) toGateway.web(request, response);
  };
  const listener = defence.answers((request, response) => void answer(request, response));
  const server = createServer({ shouldUpgradeCallback: isWebsocket }, listener);
  server.requestTimeout = 0;
  server.on("upgrade", (request, socket, head) => toJellyfin.upgrade(request, socket, head));
  return {
    take(socket) {
      defence.takes(() => server.emit("connection", socket));
      socket.resume();
    },
    [Symbol.dispose]() {
      toJellyfin[Symbol.dispose]();
      toGateway[Symbol.dispose]();
      server.closeAllConnections();
    },
  };
}
