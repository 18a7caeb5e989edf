import type { IncomingMessage, RequestListener } from "node:http";
import type { Duplex } from "node:stream";
import { createJellyfinClient } from "@upreel/jellyfin";
import type { ProxyDeps } from "./deps.ts";
import { systemClock, wallClock } from "../waiting/timed-clock.ts";
import { answerCall, type CallParts } from "./answer-call.ts";
import { createAnswerDeadline } from "./playback-info/answer-deadline.ts";
import { describeSituation } from "./playback-info/describe-situation.ts";
import { createGiveBack } from "./playing/give-back.ts";
import { createOwnApp } from "./routes/own-app.ts";
import { basePathOf } from "./own-path.ts";
import { createPassThrough } from "./exchange/pass-through.ts";
import type { PlaybackInfoDeps } from "./playback-info/playback-info.ts";
import { passReports } from "./playing/pass-reports.ts";
import { leaveUnplayed } from "./playing/playback-reports.ts";
import {
  foreseeFilmOf,
  keptElsewhereOf,
  openFilmOf,
  prepareFilmOf,
} from "./playback-info/open-film.ts";
import { createPlayedElsewhere } from "./playing/played-elsewhere.ts";
import { prepareFilms } from "./items/prepare-films.ts";
import { seePages } from "./items/see-pages.ts";
import { createReopen } from "./playing/reopen-stream.ts";
import { createSegments } from "./items/segments.ts";
import { createRemoteControl } from "../viewing/remote-control.ts";
import { createStartTimes } from "./playback-info/start-times.ts";
import { joinViewing } from "./playing/join-viewing.ts";
import type { IsTrusted } from "./exchange/request-parts.ts";
import { sendNotice } from "./exchange/send-answer.ts";
import { trustedPeers } from "./trusted-peers.ts";

const LOOK_EVERY_MS = 2_000;

/** What stands before Jellyfin. */
export interface Proxy extends Disposable {
  readonly answer: RequestListener;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

/**
 * Jellyfin as it is, but for films that are upscaled: answers of PlaybackInfo point to our stream,
 * which is below `/upscale` on the same origin. Where our part throws, Jellyfin answers.
 */
export function createProxy(deps: ProxyDeps, jellyfin: URL): Proxy {
  const { streams, log, config, playbacks } = deps;
  const clock = wallClock;
  const basePath = basePathOf(jellyfin);
  const isTrustedProxy = trustedPeers(config.trustedProxies);
  const isTrusted: IsTrusted = (address, request) =>
    isTrustedProxy(address) || deps.peers?.isFromPeer(request) === true;
  const target = { url: jellyfin, isTrusted };
  const passThrough = createPassThrough(target, { log });
  const openFilm = openFilmOf(deps);
  const { client } = deps.jellyfin;
  const { onPlay, start, wishes, prepares } = config.jellyfin;
  const describe = describeViewers(deps);
  const whoPlays = whoPlaysOf(playbacks, describe);
  const reopen = createReopen({ playbacks, openFilm, log });
  const elsewhere =
    deps.peers &&
    createPlayedElsewhere(deps.peers, { isTrusted, log, isHere: (id) => streams.has(id) });
  const own = createOwnApp({ ...deps, whoPlays }, { reopen, basePath, elsewhere });
  const prepared = prepareFilms({ streams, log, prepare: prepareFilmOf(deps) });
  const pages = seePages({
    ...{ jellyfin: target, prepared, describe, onPlay, wishes, client, streams, log, prepares },
  });
  const playbackInfo: PlaybackInfoDeps = {
    jellyfin: target,
    segments: createSegments({ ...deps, jellyfin: target, passThrough, client }),
    passThrough,
    streams,
    ...{ playbacks, log, openFilm, describe, outputSize: deps.outputSize },
    foresee: foreseeFilmOf(deps),
    keptElsewhere: keptElsewhereOf(deps),
    elsewhere,
    yieldTo: (path: string) => prepared.yieldTo(path),
    onPlay,
    start,
    wishes,
    maxOutputHeight: config.maxOutputHeight,
    startTimes: createStartTimes(streams, clock),
    ...deps.answerTiming,
    answerBy: createAnswerDeadline(systemClock, {
      answerMs: deps.answerTiming.answerMs,
      lagMs: () => 1_000 * deps.loopLag.read().p99,
    }),
  };

  const leaveViewing = joinViewing(deps);
  const url = config.jellyfin.url ?? jellyfin.href;
  const remoteOf = createRemoteControl(client, (token) =>
    createJellyfinClient({ url, apiKey: token }),
  );
  const giveBack = createGiveBack({ streams, playbacks, clock, log, remoteOf });
  const switching = setInterval(() => {
    leaveUnplayed({ streams, playbacks });
    void giveBack.tick();
  }, LOOK_EVERY_MS).unref();

  const calls: CallParts = {
    ...{ basePath, own, playbackInfo, pages, prepares },
    passReport: passReports({ ...deps, passThrough, pages, elsewhere }),
    hasWebScript: config.jellyfin.hasWebScript,
  };

  return {
    answer(request, response) {
      answerCall(calls, request, response).catch((thrown: unknown) => {
        log.error(`The proxy failed at ${request.method} ${request.url}`, { error: thrown });
        if (response.headersSent || request.readableDidRead)
          sendNotice(response, 502, "Upreel failed to answer this request; its log says why");
        else passThrough.web(request, response);
      });
    },
    upgrade: (request, socket, head) => passThrough.upgrade(request, socket, head),
    [Symbol.dispose]() {
      clearInterval(switching);
      leaveViewing();
      giveBack[Symbol.dispose]();
      prepared[Symbol.dispose]();
      passThrough[Symbol.dispose]();
    },
  };
}

/** By what the rules ask for. */
function describeViewers({ config, jellyfin, answerTiming }: ProxyDeps) {
  const { onPlay, start, wishes } = config.jellyfin;
  const rules = [...onPlay, ...start, ...wishes, ...config.rates];
  const timing = { clock: wallClock, longestMs: answerTiming.namesMs };
  return describeSituation(jellyfin.client, rules, timing);
}

const whoPlaysOf =
  (
    playbacks: ProxyDeps["playbacks"],
    describe: ReturnType<typeof describeSituation>,
  ): NonNullable<ProxyDeps["whoPlays"]> =>
  async (playSessionId) => {
    const found = playbacks.find(playSessionId)?.playback;
    return found && (await describe({ client: found.client, userId: found.userId }));
  };
