import { toUpreelError, type StreamStatus } from "@upreel/core";
import {
  choosePlayMode,
  chooseStart,
  clientRefusal,
  decidePlayback,
  passReason,
  type PassReason,
  type PlaybackAnswer,
  type PlaybackCandidate,
  type PlaybackRequest,
  type PlayMode,
  type PlayRule,
  type PlaySituation,
  type StartRule,
} from "@upreel/jellyfin";
import type { Log, Streams } from "@upreel/streams";
import type { Foreseen } from "../foresee-film.ts";
import type { FilmToOpen } from "./open-film.ts";
import type { Playbacks } from "./playbacks.ts";
import { proveStream } from "./prove-stream.ts";

/** Who asks for which item. */
export interface Asker {
  readonly viewer: string;
  readonly client: string | undefined;
  readonly itemId: string;
}

export interface JudgeDeps {
  readonly streams: Streams;
  readonly playbacks: Playbacks;
  readonly log: Log;
  /** Starts, or finds, the stream of a file that Jellyfin names; throws what is wrong with the file. */
  readonly openFilm: (film: FilmToOpen) => Promise<string>;
  /** What can be expected of such a file; begins nothing. Throws what is wrong with it. */
  readonly foresee: (path: string, fromSeconds: number) => Promise<Foreseen | undefined>;
  /** Adds what rules may name besides: user and library by their names. */
  readonly describe: (situation: PlaySituation) => Promise<PlaySituation>;
  /** What is made ready of other films leaves the machine to this one. */
  readonly yieldTo: (path: string) => void;
  readonly onPlay: readonly PlayRule[];
  readonly start: readonly StartRule[];
  readonly maxOutputHeight: number;
  /** How long a client may be kept waiting for the first segments. */
  readonly proofMs: number;
}

export type Verdict =
  | { readonly kind: "upscale"; readonly streamId: string; readonly candidate: PlaybackCandidate }
  | {
      readonly kind: "pass";
      readonly reason: PassReason;
      /** Why not upscaled, but soon: the stream is being made and may take over. */
      readonly streamId?: string;
      readonly candidate?: PlaybackCandidate;
      readonly mode?: PlayMode;
      /** What there is of a film that cannot hold, but may be made ahead of time. */
      readonly madeAheadId?: string | undefined;
    };

/** Decides on a PlaybackInfo answer, with the disk and the machine: what is proved is upscaled. */
export async function judgePlayback(
  deps: JudgeDeps,
  asker: Asker,
  request: PlaybackRequest,
  answer: PlaybackAnswer,
): Promise<Verdict> {
  const decision = decidePlayback(request, answer, deps);
  if (decision.kind === "pass") return decision;
  const { candidate } = decision;
  deps.yieldTo(candidate.path);
  const situation = await deps.describe({
    client: asker.client,
    userId: request.UserId ?? undefined,
    path: candidate.path,
  });
  const mode = choosePlayMode(deps.onPlay, situation);
  if (mode === "off")
    return pass("switched_off", "upscaling is switched off for this client, user or library");
  const choice = deps.playbacks.choiceOf(asker.viewer, asker.itemId);
  if (choice?.shows === "original") return { kind: "pass", reason: choice.reason };
  if (mode === "offer" && choice === undefined)
    return pass("only_offered", "it is upscaled when the viewer asks for it");

  // What cannot hold is not begun: nobody waits, and nothing is spent.
  const hopeless = await refuseHopeless(deps, candidate);
  if (hopeless !== undefined) return hopeless;
  const opened = await open(deps, candidate);
  if (opened.kind === "pass") return opened;
  const { streamId } = opened;
  // Where the run is to begin; paused until the client reports that it plays.
  deps.streams.reportPlayhead(streamId, candidate.playSessionId, candidate.startSeconds, true);
  const waiting = { streamId, candidate, mode } as const;
  const startsAsIs = mode === "ask" || chooseStart(deps.start, situation) === "original";
  if (startsAsIs && choice === undefined)
    return {
      ...pass("original_first", "the original plays until enough of it is upscaled"),
      ...waiting,
    };
  const proof = await proveStream(deps.streams, {
    id: streamId,
    startSeconds: candidate.startSeconds,
    timeoutMs: deps.proofMs,
  });
  if (!proof.isProved) return { kind: "pass", reason: proof.reason, ...waiting };
  const reason = streamRefusal(request, proof.status, proof.bitsPerSecond);
  if (reason === undefined) return { kind: "upscale", streamId, candidate };
  if (reason.code === "cannot_hold") return { kind: "pass", reason, ...waiting };
  deps.streams.viewerLeft(streamId, candidate.playSessionId);
  return { kind: "pass", reason };
}

type Pass = Extract<Verdict, { kind: "pass" }>;

async function refuseHopeless(
  { foresee }: JudgeDeps,
  candidate: PlaybackCandidate,
): Promise<Pass | undefined> {
  try {
    const foreseen = await foresee(candidate.path, candidate.startSeconds);
    if (foreseen?.expectation.advice !== "original") return undefined;
    const text = foreseen.expectation.advice_text ?? "this machine is too slow for it";
    return { ...pass("cannot_hold", text), candidate, madeAheadId: foreseen.stream?.id };
  } catch (thrown) {
    return pass("file_not_readable", toUpreelError(thrown).message);
  }
}

async function open(
  deps: JudgeDeps,
  { path, title, startSeconds: fromSeconds }: PlaybackCandidate,
): Promise<Pass | { kind: "opened"; streamId: string }> {
  try {
    return { kind: "opened", streamId: await deps.openFilm({ path, title, fromSeconds }) };
  } catch (thrown) {
    const error = toUpreelError(thrown);
    return pass("file_not_readable", error.message);
  }
}

/** What the finished plan and the first segments say against playing it on this client. */
function streamRefusal(
  request: PlaybackRequest,
  status: StreamStatus,
  bitsPerSecond: number,
): PassReason | undefined {
  const { width, height, frames_total: frames, duration_seconds: duration } = status;
  if (width === null || height === null || frames === null || duration === null)
    return passReason("fault", "the stream has no size yet");
  if (!/264/.test(status.encoder ?? ""))
    return passReason(
      "client_without_hls",
      `the stream is made by ${status.encoder}, not as H.264`,
    );
  if (status.advice === "original")
    return passReason("cannot_hold", status.advice_text ?? "this machine is too slow for it");
  return clientRefusal(request, {
    width,
    height,
    framesPerSecond: frames / duration,
    bitsPerSecond,
  });
}

const pass = (...reason: Parameters<typeof passReason>): Pass => ({
  kind: "pass",
  reason: passReason(...reason),
});
