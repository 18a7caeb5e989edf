import {
  Agent as HttpAgent,
  type ClientRequest,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import { Agent as HttpsAgent } from "node:https";
import type { Socket } from "node:net";
import { Readable, type Duplex } from "node:stream";
import type { Log } from "@upreel/streams";
import { createProxyServer, type ProxyServerOptions } from "httpxy";

/** Shorter than Jellyfin's own 130 s: a connection is hardly ever used while the server closes it. */
const IDLE_MS = 60_000;

/** Requests that go to Jellyfin as they came, and whose answers come back as they are. */
export interface PassThrough extends Disposable {
  /** `body` takes the place of a request body that was read already. */
  web(request: IncomingMessage, response: ServerResponse, body?: Buffer | Readable): void;
  /** As `web`; `look` is given the answer, whose bytes it may listen to on their way. */
  watch(
    request: IncomingMessage,
    response: ServerResponse,
    look: (answer: IncomingMessage) => void,
  ): void;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

/** Passes to `target`'s host; its path counts nothing, clients use Jellyfin's base URL themselves. */
export function createPassThrough(target: URL, log: Log): PassThrough {
  const Agent = target.protocol === "https:" ? HttpsAgent : HttpAgent;
  // Films are downloaded for hours: no bound on connections, each has a client behind it.
  const agent = new Agent({ keepAlive: true, timeout: IDLE_MS });
  const unused = new Agent({ keepAlive: false });
  const options: ProxyServerOptions = {
    target: new URL(target.origin),
    changeOrigin: true,
    xfwd: true,
    preserveHeaderKeyCase: true,
  };
  const proxy = createProxyServer(options);
  const looks = new WeakMap<object, (answer: IncomingMessage) => void>();
  const bodies = new WeakMap<object, Buffer>();
  const sent = new WeakMap<object, ClientRequest>();
  proxy.on("proxyReq", (outgoing, request) => sent.set(request, outgoing));
  proxy.on("proxyRes", (answer, request) => looks.get(request)?.(answer));
  proxy.on("error", (error, request, answer) => {
    log.debug(`Jellyfin at ${target.origin}: ${error.message}`);
    if (answer === undefined || request === undefined) return;
    if (!("writeHead" in answer)) return void answer.destroy();
    if (answer.headersSent || answer.destroyed) return void answer.destroy();
    const body = bodies.get(request) ?? (hasNoBody(request) ? Buffer.alloc(0) : undefined);
    // The server closed a connection that had rested just when it was used again (RFC 9112, 9.3.1):
    // it has not begun with this request.
    if (sent.get(request)?.reusedSocket === true && body !== undefined)
      return void proxy.web(request, answer, { agent: unused, buffer: Readable.from([body]) });
    answer.writeHead(502, { "Content-Type": "text/plain; charset=utf-8" });
    answer.end(`Jellyfin at ${target.origin} does not answer (${error.message})\n`);
  });
  return {
    web(request, response, body) {
      if (body === undefined) return void proxy.web(request, response, { agent });
      if (Buffer.isBuffer(body)) bodies.set(request, body);
      const buffer = Buffer.isBuffer(body) ? Readable.from([body]) : body;
      void proxy.web(request, response, { agent, buffer });
    },
    watch(request, response, look) {
      looks.set(request, look);
      void proxy.web(request, response, { agent });
    },
    upgrade(request, socket, head) {
      // A connection that is upgraded is nobody else's afterwards.
      void proxy.ws(request, socket as Socket, {}, head);
    },
    [Symbol.dispose]() {
      agent.destroy();
      unused.destroy();
    },
  };
}

const hasNoBody = ({ method, headers }: IncomingMessage): boolean =>
  (method === "GET" || method === "HEAD") &&
  headers["transfer-encoding"] === undefined &&
  (headers["content-length"] ?? "0") === "0";
