import { parseItemId, type PlaybackRequest, type PlayMode } from "@upreel/jellyfin";
import type { JudgeDeps, Verdict } from "./begin-film.ts";
import { masterQuery } from "./master-query.ts";
import { leave, leaveOthers } from "../playing/playback-reports.ts";
import type { Playback } from "../../viewing/playback.ts";
import type { Playbacks } from "../../viewing/playbacks.ts";
import type { RequestSender } from "../exchange/read-asker.ts";

/** Keeps what a client was answered: it is asked for again by reports, the panel and the switch. */
export function rememberVerdict(
  { streams, playbacks, log }: Pick<JudgeDeps, "streams" | "playbacks" | "log">,
  { viewer, isDevice, client, itemId }: RequestSender & { readonly itemId: string },
  asked: PlaybackRequest,
  playSessionId: string,
  verdict: Verdict,
): void {
  const reason = verdict.kind === "pass" ? verdict.reason : undefined;
  // After the new one is counted: a film with one viewer at least goes on without a break.
  if (isDevice) leaveOthers({ streams, playbacks }, viewer, () => false);
  playbacks.begin({
    playSessionId,
    itemId,
    viewer,
    isShared: !isDevice,
    client,
    userId: parseItemId(asked.UserId ?? ""),
    film: verdict.candidate && {
      path: verdict.candidate.path,
      title: verdict.candidate.title,
      wish: verdict.candidate.wish,
    },
    sourceId: verdict.candidate?.sourceId ?? itemId,
    streamId: verdict.streamId,
    madeAheadId: verdict.kind === "pass" ? verdict.madeAheadId : undefined,
    shows: verdict.kind === "upscale" ? "upscaled" : "original",
    whenReady: verdict.kind === "pass" ? whenReady(verdict.mode) : "nothing",
    reason,
    flags: {
      EnableDirectPlay: asked.EnableDirectPlay,
      EnableDirectStream: asked.EnableDirectStream,
      AllowVideoStreamCopy: asked.AllowVideoStreamCopy,
    },
    audioIndex: verdict.candidate?.audioIndex,
    query: verdict.candidate && masterQuery(verdict.candidate, playbacks.qualityOf(viewer)),
    subtitleIndex: verdict.candidate?.subtitleIndex ?? -1,
  });
  if (verdict.kind === "pass")
    verdict.later?.then(
      (found) => {
        playbacks.learn(playSessionId, learned(found));
        // Who was sent away may have gone.
        if (playbacks.find(playSessionId)?.isOver === true)
          leave({ streams, playbacks }, playSessionId, "stopped");
      },
      (error: unknown) => log.error(`Item ${itemId} could not be checked`, { error }),
    );
  const who = client ?? "a client";
  if (reason === undefined)
    log.info(`${who} plays item ${itemId} upscaled`, { stream: verdict.streamId });
  else log.info(`${who} plays item ${itemId} as it is (${reason.code}): ${reason.message}`);
}

/** What is known of a playback of the original only since it has begun. */
const learned = (found: Verdict): Parameters<Playbacks["learn"]>[1] => ({
  streamId: found.streamId,
  whenReady: whenReady(found.mode),
  ...(found.kind === "pass" ? { reason: found.reason, madeAheadId: found.madeAheadId } : {}),
});

const whenReady = (mode: PlayMode | undefined): Playback["whenReady"] =>
  mode === undefined ? "nothing" : mode === "ask" ? "tell" : "switch";
