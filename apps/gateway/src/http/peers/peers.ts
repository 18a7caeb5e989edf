import { setTimeout as sleep } from "node:timers/promises";
import { leasesAway, UpreelError, type Leases, type Log } from "@upreel/core";
import type { Streams, Whereabouts } from "@upreel/streams";
import type { Request, Response } from "express";
import type { Peers } from "../deps.ts";
import { createForwarder, forwardedFor, LONGEST_MS, MISDIRECTED } from "./forward-request.ts";
import { createPeerMark, PEER_HEADER } from "./from-peer.ts";
import { handOvers } from "./hand-overs.ts";
import { passToLeader } from "./pass-to-leader.ts";
import { PLAYING_DOOR } from "./proxy-door.ts";
import { namedStream } from "./named-stream.ts";
import { createPeerStatuses } from "./peer-statuses.ts";
import { sendPublished, sendSegmentFile } from "./send-published.ts";

export interface PeersParts {
  readonly streams: Pick<Streams, "reach" | "handOver" | "get">;
  readonly leases: Pick<Leases, "others">;
  /** What gateways of this data folder know each other by. */
  readonly key: string;
  /** Where this gateway answers. */
  readonly ownAddress: string;
  readonly dataDir: string;
  readonly closing: AbortSignal;
  readonly log: Pick<Log, "debug" | "warn">;
}

const AGAIN_MS = 100;
/** Of calls about one stream. */
const MOST_BODY_BYTES = 128 * 1024;

export function createPeers(parts: PeersParts): Peers {
  const { streams, key, ownAddress, dataDir, closing, log } = parts;
  const mark = createPeerMark(key);
  const forwarder = createForwarder(key);

  const addressOf = (where: Exclude<Whereabouts, { readonly at: "unknown" }>): string =>
    where.at === "here" ? ownAddress : where.address;

  /** False: this gateway is to answer, and the body is unread. */
  async function answer(
    id: string,
    { request, response }: Call,
    given: Buffer | undefined,
    door = "",
  ): Promise<boolean> {
    if (given !== undefined && mark.isFromPeer(request)) return misdirected(response);
    const gone = new AbortController();
    response.once("close", () => gone.abort());
    const signal = AbortSignal.any([gone.signal, closing]);
    const asked = { dataDir, id, request, response };
    let endsMs = performance.now() + LONGEST_MS;
    let body = given;
    for (;;) {
      const where = await streams.reach(id);
      // Once the body is read, this gateway asks itself.
      if (where.at === "here" && body === undefined) return false;
      if (where.at === "unknown" && (await sendPublished(asked))) return true;
      if (where.at === "there") {
        // The owner's proxy judges by what it sends whether a player has its first pieces.
        if (door === "" && (await sendSegmentFile(asked))) {
          if (request.method === "GET") tellServed(where.address, request);
          return true;
        }
        if (mark.isFromPeer(request)) return misdirected(response);
      }
      if (where.at !== "unknown") {
        body ??= await readBody(request);
        const address = addressOf(where);
        const isStill = async (): Promise<boolean> => {
          const now = await streams.reach(id);
          if (now.at === "unknown" || addressOf(now) === address) return true;
          // Whoever has it now has as long.
          endsMs = performance.now() + LONGEST_MS;
          return false;
        };
        const isDecoded = given !== undefined;
        const call = { request, response, body, door, isDecoded, signal, isStill };
        if (await forwarder.forward(address, call)) return true;
      }
      if (performance.now() > endsMs) throw late(id, where.at);
      await sleep(AGAIN_MS, undefined, { signal });
    }
  }

  /** The owner knows then where this viewer is. */
  function tellServed(address: string, request: Request): void {
    fetch(`${address}/internal/served`, {
      headers: {
        [PEER_HEADER]: key,
        "X-Original-URI": request.originalUrl,
        "X-Forwarded-For": forwardedFor(request),
        "User-Agent": request.get("user-agent") ?? "",
      },
      redirect: "error",
      signal: AbortSignal.timeout(LONGEST_MS),
    }).then(
      (told) => told.body?.cancel(),
      (error: unknown) => log.debug(`${address} is not told what was served`, { error }),
    );
  }

  return {
    ...mark,
    ...passersOn(answer),
    ...handOvers({ streams, key, ...mark }),
    passOnToLeader: passToLeader({ ...mark, forwarder, closing }),
    statuses: createPeerStatuses({
      ...{ key, log, others: () => parts.leases.others, nowMs: () => performance.now() },
      isHere: (id) => streams.get(id) !== undefined,
    }),
    [Symbol.dispose]: () => forwarder[Symbol.dispose](),
  };
}

interface Call {
  readonly request: Request;
  readonly response: Response;
}

/** What comes in, by the stream that it is about; to the gateways' own port, or below `/upscale` to the proxy. */
const passersOn = (
  answer: (
    id: string,
    call: Call,
    body: Buffer | undefined,
    door?: typeof PLAYING_DOOR,
  ) => Promise<boolean>,
): Pick<Peers, "passOn" | "passOnTo" | "passOnPlaying" | "passPlayingOnTo"> => ({
  passOn: async (request, response, next) => {
    const { path, query } = request;
    const id = namedStream({ path, query, servedUrl: request.get("x-original-uri") });
    if (id === undefined || !(await answer(id, { request, response }, undefined))) next();
  },
  async passOnTo(id, request, response, body) {
    await answer(id, { request, response }, body);
  },
  passOnPlaying: async (request, response, next) => {
    const { path, query } = request;
    const id = namedStream({ path, query, servedUrl: undefined });
    const call = { request, response };
    if (id === undefined || !(await answer(id, call, undefined, PLAYING_DOOR))) next();
  },
  passPlayingOnTo: (id, request, response, body) =>
    answer(id, { request, response }, body, PLAYING_DOOR),
});

function misdirected(response: Response): true {
  response.status(MISDIRECTED).end();
  return true;
}

async function readBody(request: Request): Promise<Buffer | undefined> {
  const { "content-length": length, "transfer-encoding": coding } = request.headers;
  if (length === undefined && coding === undefined) return undefined;
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    const piece = chunk as Buffer;
    bytes += piece.length;
    if (bytes > MOST_BODY_BYTES)
      throw new UpreelError("body_too_large", "the body is too large", {
        expected: `at most ${MOST_BODY_BYTES / 1024} KiB`,
        got: "more than that",
      });
    chunks.push(piece);
  }
  return Buffer.concat(chunks);
}

const late = (id: string, at: "here" | "there" | "unknown"): UpreelError =>
  at === "unknown"
    ? leasesAway(id)
    : new UpreelError("stream_elsewhere", "the gateway that upscales this film does not answer", {
        expected: "GATEWAY_URL of each gateway to be where the others reach it",
        got: id,
      });
