import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerOptions,
} from "node:http";
import type { Socket } from "node:net";
import type { LastDefence } from "./last-defence.ts";
import { listenOn } from "./listen-on.ts";

/** A server whose disposing drains with a deadline. */
export interface HttpServer extends AsyncDisposable {
  readonly server: Server;
}

/** A server that answers. */
export interface Serving extends AsyncDisposable {
  /** `http://host:port`, with the port that was really taken. */
  readonly url: string;
}

/** Requests still open this long after the start of a shutdown are cut. */
const DRAIN_MS = 3000;
/** Held requests and event streams stay open; this bounds what they may take. */
const MAX_CONNECTIONS = 1000;

/** Listens, or throws `invalid_config` that says what to do. */
export async function listen(
  listener: RequestListener,
  address: { readonly host: string; readonly port: number },
): Promise<Serving> {
  const http = createHttpServer(listener);
  const { url } = await listenOn(http.server, address);
  return { url, [Symbol.asyncDispose]: () => http[Symbol.asyncDispose]() };
}

/** A server of connections that another process accepted. */
export interface HandedServer extends HttpServer {
  take(socket: Socket): void;
}

export interface ServeOptions {
  readonly maxConnections?: number;
  /** Which requests for another protocol come as `upgrade` events; by default none. */
  readonly isUpgrade?: (request: IncomingMessage) => boolean;
}

/** Answers on connections that another process accepted. */
export function serveHanded(
  listener: RequestListener,
  defence: LastDefence,
  options?: ServeOptions,
): HandedServer {
  const http = createHttpServer(defence.answers(listener), options);
  // What http.Server waits for before it keeps the list of connections that closing needs.
  http.server.emit("listening");
  return {
    ...http,
    take(socket) {
      // What another process accepted never passes a listening server, which would close those beyond its bound.
      if (http.isFull()) {
        socket.destroy();
        return;
      }
      defence.takes(() => http.server.emit("connection", socket));
      socket.resume();
    },
  };
}

function createHttpServer(
  listener: RequestListener,
  { maxConnections = MAX_CONNECTIONS, isUpgrade = () => false }: ServeOptions = {},
): HttpServer & { isFull(): boolean } {
  const options: ServerOptions = { shouldUpgradeCallback: isUpgrade };
  const server = createServer(options, listener);
  // longer than a proxy's own, so that it never writes to a connection that is being closed
  server.keepAliveTimeout = 65_000;
  server.maxConnections = maxConnections;
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
    isFull: () => open.size >= maxConnections,
    async [Symbol.asyncDispose]() {
      isDraining = true;
      server.close();
      server.closeIdleConnections();
      const deadline = setTimeout(() => {
        // Of websockets the server itself knows nothing any more.
        for (const socket of open) socket.destroy();
      }, DRAIN_MS);
      check();
      await empty;
      clearTimeout(deadline);
    },
  };
}
