import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { UpreelError } from "@upreel/core";
import type { Express } from "express";

/** A server that listens. */
export interface Listening extends AsyncDisposable {
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
  { host, port }: { host: string; port: number },
): Promise<Listening> {
  const server = createServer(app);
  // longer than a proxy's own, so that it never writes to a connection that is being closed
  server.keepAliveTimeout = 65_000;
  server.maxConnections = MAX_CONNECTIONS;
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause) => reject(listenError(cause, host, port)));
    server.listen(port, host, resolve);
  });
  const { port: taken } = server.address() as AddressInfo;
  const shownHost = ["0.0.0.0", "::"].includes(host) ? "127.0.0.1" : host;
  return {
    url: `http://${shownHost.includes(":") ? `[${shownHost}]` : shownHost}:${taken}`,
    [Symbol.asyncDispose]: () => drain(server),
  };
}

function listenError(cause: Error, host: string, port: number): UpreelError {
  const code = "code" in cause ? String(cause.code) : "";
  const advice: Record<string, string> = {
    EADDRINUSE: `port ${port} is already in use: is Upreel running already? Take another one with PORT=${port + 1}`,
    EACCES: `this user may not listen on port ${port}: take one above 1023 with PORT=5000`,
    EADDRNOTAVAIL: `${host} is no address of this machine: set HOST=127.0.0.1 or HOST=0.0.0.0`,
    ENOTFOUND: `the host name ${host} is not known: set HOST=127.0.0.1 or HOST=0.0.0.0`,
  };
  return new UpreelError(
    "invalid_config",
    advice[code] ?? `cannot listen on ${host}:${port}: ${cause.message}`,
    { cause },
  );
}

async function drain(server: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  server.closeIdleConnections();
  const deadline = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
  await promise;
  clearTimeout(deadline);
}
