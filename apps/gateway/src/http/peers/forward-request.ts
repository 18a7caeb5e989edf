import { request as requestHttp, Agent, type IncomingMessage } from "node:http";
import { request as requestHttps, Agent as HttpsAgent } from "node:https";
import { pipeline } from "node:stream/promises";
import type { Request, Response } from "express";
import { isClientGone } from "../server/client-gone.ts";
import { endToEndHeaders } from "../server/end-to-end-headers.ts";
import { PEER_HEADER } from "./from-peer.ts";

/** Says to the gateway that has passed a call on: ask somebody else (RFC 9110, 15.5.20). */
export const MISDIRECTED = 421;

/** An owner that died is replaced within five seconds; nobody waits much longer for one. */
export const LONGEST_MS = 15_000;

/** Connects, or is not there. */
const CONNECT_MS = 1_000;
/** One that stands still, or cannot be reached any more, says nothing: its lease tells it. */
const LOOK_EVERY_MS = 1_000;

export interface Forwarded {
  readonly request: Request;
  readonly response: Response;
  readonly body: Buffer | undefined;
  /** Before the path that was asked for. */
  readonly door?: string;
  /** A parser has undone the coding of the body. */
  readonly isDecoded?: boolean;
  /** Aborts when the client goes, or this gateway ends. */
  readonly signal: AbortSignal;
  /** Whether the other gateway is still the one to be asked; looked at until it answers. */
  readonly isStill?: () => Promise<boolean>;
}

/** Who asks, and through whom. */
export const forwardedFor = (request: Request): string =>
  [request.get("x-forwarded-for"), request.socket.remoteAddress].filter(Boolean).join(", ");

/** What it opens; undefined: the other gateway is not there, has gone, or is not the one to be asked any more. */
async function whileAsked<T>(
  call: Forwarded,
  open: (call: Forwarded) => Promise<T>,
): Promise<T | undefined> {
  const left = new AbortController();
  let isOver = false;
  const look = async (): Promise<void> => {
    const isStill = (await call.isStill?.().catch(() => true)) ?? true;
    if (!isStill && !isOver) left.abort();
  };
  const looking = setInterval(() => void look(), LOOK_EVERY_MS);
  const signal = AbortSignal.any([call.signal, left.signal]);
  try {
    return await open({ ...call, signal });
  } catch {
    return undefined;
  } finally {
    isOver = true;
    clearInterval(looking);
  }
}

/** Passes calls on to other gateways as they came, and their answers back. */
export function createForwarder(key: string) {
  const agents = {
    http: new Agent({ keepAlive: true }),
    https: new HttpsAgent({ keepAlive: true }),
  };

  function open(
    address: string,
    { request, body, door = "", isDecoded, signal }: Forwarded,
  ): Promise<IncomingMessage> {
    const url = new URL(address);
    const isTls = url.protocol === "https:";
    const own = new Set([PEER_HEADER, "x-forwarded-for", "x-forwarded-proto"]);
    if (isDecoded === true) own.add("content-encoding");
    const headers = endToEndHeaders(request.rawHeaders)
      .filter(([name]) => !own.has(name.toLowerCase()))
      .concat([
        [PEER_HEADER, key],
        // Whoever asks is told apart by where he asks from, whichever gateway he asks.
        ["X-Forwarded-For", forwardedFor(request)],
        ["X-Forwarded-Proto", request.protocol],
        ...(body === undefined ? [] : [["Content-Length", String(body.length)] as const]),
      ]);
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    const outgoing = (isTls ? requestHttps : requestHttp)({
      ...{ hostname: url.hostname, port: url.port, path: door + request.originalUrl },
      ...{ method: request.method, headers: headers.flat(), signal },
      agent: isTls ? agents.https : agents.http,
    });
    const late = setTimeout(() => outgoing.destroy(new Error("no connection")), CONNECT_MS);
    outgoing.once("socket", (socket) => {
      if (socket.connecting) socket.once("connect", () => clearTimeout(late));
      else clearTimeout(late);
    });
    outgoing.once("response", resolve);
    outgoing.on("error", reject);
    outgoing.once("close", () => clearTimeout(late));
    outgoing.end(body);
    return promise;
  }

  return {
    /**
     * True when it was answered. False: the other gateway is not there, went before it had answered, or does not own
     * the stream; nothing was written.
     */
    async forward(address: string, forwarded: Forwarded): Promise<boolean> {
      const { response, signal } = forwarded;
      const answer = await whileAsked(forwarded, (call) => open(address, call));
      signal.throwIfAborted();
      if (answer === undefined) return false;
      if (answer.statusCode === MISDIRECTED) {
        answer.resume();
        return false;
      }
      // The owner has set them all.
      for (const name of response.getHeaderNames()) response.removeHeader(name);
      response.status(answer.statusCode ?? 502);
      for (const [name, value] of endToEndHeaders(answer.rawHeaders))
        response.appendHeader(name, value);
      const { "content-length": length } = answer.headers;
      if (length !== undefined) response.setHeader("Content-Length", length);
      response.flushHeaders();
      try {
        await pipeline(answer, response);
      } catch (thrown) {
        // A cut answer is asked for again; an end that is none would be taken for the whole.
        response.destroy();
        if (!isClientGone(thrown) && !signal.aborted) throw thrown;
      }
      return true;
    },
    [Symbol.dispose]() {
      agents.http.destroy();
      agents.https.destroy();
    },
  };
}
