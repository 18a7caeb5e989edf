import { createServer, type Server } from "node:http";
import type { Socket } from "node:net";
import type { Express } from "express";
import { listenOn } from "./listen-on.ts";

/** A server that answers. */
export interface Serving extends AsyncDisposable {
  /** `http://host:port`, with the port that was really taken. */
  readonly url: string;
}

/** Requests still open this long after the start of a shutdown are cut. */
const DRAIN_MS = 3000;
/** Held requests and event streams stay open; this bounds what they may take. */
const MAX_CONNECTIONS = 1000;

/** Listens, or throws `invalid_config` that says what to do. Disposing drains with a deadline. */
export async function listen(
  app: Express,
  address: { readonly host: string; readonly port: number },
): Promise<Serving> {
  const { server, drain } = createHttpServer(app);
  const { url } = await listenOn(server, address);
  return { url, [Symbol.asyncDispose]: drain };
}

/**
 * Answers on connections that another process accepted at `url`: `take` is given the server and emits
 * a `connection` event for each.
 */
export function serveHanded(app: Express, url: string, take: (server: Server) => void): Serving {
  const { server, drain } = createHttpServer(app);
  // What http.Server waits for before it keeps the list of connections that closing needs.
  server.emit("listening");
  take(server);
  return { url, [Symbol.asyncDispose]: drain };
}

function createHttpServer(app: Express): { server: Server; drain: () => Promise<void> } {
  const server = createServer(app);
  // longer than a proxy's own, so that it never writes to a connection that is being closed
  server.keepAliveTimeout = 65_000;
  server.maxConnections = MAX_CONNECTIONS;
  const open = new Set<Socket>();
  const { promise: empty, resolve: onEmpty } = Promise.withResolvers<void>();
  let isDraining = false;
  const check = (): void => {
    if (isDraining && open.size === 0) onEmpty();
  };
  server.on("connection", (socket: Socket) => {
    open.add(socket);
    socket.once("close", () => {
      open.delete(socket);
      check();
    });
  });
  return {
    server,
    async drain() {
      isDraining = true;
      server.close();
      server.closeIdleConnections();
      const deadline = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
      check();
      await empty;
      clearTimeout(deadline);
    },
  };
}
