import type { GatewayDeps } from "../http/deps.ts";
import { serveHanded, type HttpServer } from "../http/server.ts";
import { createProxy } from "./proxy.ts";

/** Clients of Jellyfin hold a websocket and a few requests each. */
const MAX_CONNECTIONS = 10_000;

/** The server that stands before Jellyfin; connections are handed to it. */
export function serveProxy(deps: GatewayDeps, jellyfin: URL): HttpServer {
  const proxy = createProxy(deps, jellyfin);
  const http = serveHanded(proxy.answer, MAX_CONNECTIONS);
  http.server.on("upgrade", (request, socket, head) => proxy.upgrade(request, socket, head));
  // Who uploads slowly does so to Jellyfin.
  http.server.requestTimeout = 0;
  return {
    server: http.server,
    async [Symbol.asyncDispose]() {
      await http[Symbol.asyncDispose]();
      proxy[Symbol.dispose]();
    },
  };
}
