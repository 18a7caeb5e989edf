import {
  Agent as HttpAgent,
  type ClientRequest,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import { Agent as HttpsAgent } from "node:https";
import type { Duplex, Readable } from "node:stream";
import type { Log } from "@upreel/core";
import { openRequest, type Target } from "./open-request.ts";
import { passUpgrade } from "./pass-upgrade.ts";
import { bodyHeaders, hasBody } from "./request-parts.ts";
import { sendAnswer, sendNotice } from "./send-answer.ts";

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

export interface PassThroughOptions {
  readonly log: Log;
  /** Connections of clients end with their answer. */
  readonly endsConnections?: boolean;
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly body?: Buffer | Readable;
  readonly look?: (answer: IncomingMessage) => void;
}

/**
 * Passes to `target`'s host; its path counts nothing, clients use Jellyfin's base URL themselves.
 * Written on node:http: every proxy library that was tried throws out of event handlers at headers
 * that anybody may send (docs/decisions/0012).
 */
export function createPassThrough(
  to: Target,
  { log, endsConnections = false }: PassThroughOptions,
): PassThrough {
  const target = to.url;
  const Agent = target.protocol === "https:" ? HttpsAgent : HttpAgent;
  // Films are downloaded for hours: no bound on connections, each has a client behind it.
  const agent = new Agent({ keepAlive: true, timeout: IDLE_MS });
  const unused = new Agent({ keepAlive: false });

  /** Throws what node:http finds wrong with the request; whatever happens later is answered here. */
  function pass(exchange: Exchange, isAgain: boolean): void {
    const { request: from, response, body, look } = exchange;
    const framing = bodyHeaders(from, body).flat();
    const outgoing = openRequest(to, from, framing, { agent: isAgain ? unused : agent });
    let hasAnswer = false;
    const fail = (error: Error): void => {
      if (hasAnswer) return;
      log.debug(`Jellyfin at ${target.origin}: ${error.message}`);
      const replayed = hasBody(from) ? body : Buffer.alloc(0);
      // The server closed a connection that had rested just when it was used again (RFC 9112, 9.3.1):
      // it has not begun with this request.
      if (outgoing.reusedSocket && !response.headersSent && Buffer.isBuffer(replayed))
        return passSafely({ ...exchange, body: replayed }, true);
      from.unpipe(outgoing);
      sendNotice(response, 502, `Jellyfin at ${target.origin} does not answer (${error.message})`);
    };
    outgoing.on("error", fail);
    outgoing.once("upgrade", (_, socket) => {
      socket.destroy();
      fail(new Error("it changed the protocol without being asked"));
    });
    outgoing.once("response", (answer) => {
      hasAnswer = true;
      answer.once("end", () => stopSending(from, outgoing));
      try {
        look?.(answer);
        sendAnswer(answer, response, endsConnections);
      } catch (thrown) {
        answer.destroy();
        refuse(response, thrown);
      }
    });
    response.once("close", () => {
      if (!response.writableFinished) outgoing.destroy();
    });
    sendBody(body ?? from, outgoing);
  }

  function refuse(response: ServerResponse, thrown: unknown): void {
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    log.warn(`Jellyfin at ${target.origin}: a request that cannot be passed on: ${message}`);
    sendNotice(response, 502, `This cannot be passed on (${message})`);
  }
  function passSafely(exchange: Exchange, isAgain = false): void {
    try {
      pass(exchange, isAgain);
    } catch (thrown) {
      refuse(exchange.response, thrown);
    }
  }

  return {
    web: (from, response, body) =>
      passSafely({ request: from, response, ...(body === undefined ? {} : { body }) }),
    watch: (from, response, look) => passSafely({ request: from, response, look }),
    // A connection that is upgraded is nobody else's afterwards.
    upgrade: (from, socket, head) =>
      passUpgrade({ request: from, socket, head }, log, (headers) =>
        openRequest(to, from, headers, { agent: false }),
      ),
    [Symbol.dispose]() {
      agent.destroy();
      unused.destroy();
    },
  };
}

function sendBody(source: Buffer | Readable, outgoing: ClientRequest): void {
  if (Buffer.isBuffer(source)) return void outgoing.end(source);
  source.once("error", (error) => outgoing.destroy(error));
  source.pipe(outgoing);
}

/** An answer may be whole before its request is: the rest is read and thrown away. */
function stopSending(from: IncomingMessage, outgoing: ClientRequest): void {
  if (outgoing.writableFinished) return;
  from.unpipe(outgoing);
  from.resume();
  outgoing.destroy();
}
