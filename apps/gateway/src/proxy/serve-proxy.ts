import type { LastDefence } from "../http/server/last-defence.ts";
import { serveHanded, type HandedServer } from "../http/server/server.ts";
import { isWebsocket } from "./exchange/pass-upgrade.ts";
import type { Proxy } from "./proxy.ts";

/** Clients of Jellyfin hold a websocket and a few requests each. */
const MAX_CONNECTIONS = 10_000;

/** The server that stands before Jellyfin; connections are handed to it. Disposing ends the proxy, too. */
export function serveProxy(proxy: Proxy, defence: LastDefence): HandedServer {
  const http = serveHanded(proxy.answer, defence, {
    maxConnections: MAX_CONNECTIONS,
    isUpgrade: isWebsocket,
  });
  http.server.on("upgrade", (request, socket, head) => proxy.upgrade(request, socket, head));
  // Who uploads slowly does so to Jellyfin.
  http.server.requestTimeout = 0;
  return {
    server: http.server,
    take: (socket) => http.take(socket),
    async [Symbol.asyncDispose]() {
      await http[Symbol.asyncDispose]();
      proxy[Symbol.dispose]();
    },
  };
}
