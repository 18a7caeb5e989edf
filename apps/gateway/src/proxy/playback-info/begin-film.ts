import { tellAdvice, toUpreelError, type FilmWish, type Log } from "@upreel/core";
import {
  passReason,
  type PassReason,
  type PlaybackCandidate,
  type PlayMode,
  type PlayRule,
  type PlaySituation,
  type StartRule,
  type WishRule,
} from "@upreel/jellyfin";
import type { Streams } from "@upreel/streams";
import type { FilmSizes, Foreseen } from "@upreel/engine";
import type { DueAnswer } from "./answer-deadline.ts";
import type { FilmToOpen } from "./open-film.ts";
import { NOT_HERE_NOW } from "../../http/server/error-status.ts";
import type { Playbacks } from "../../viewing/playbacks.ts";
import { isThere } from "./prove-stream.ts";
import type { FilmStart, StartTimes } from "./start-times.ts";

export interface JudgeDeps {
  readonly streams: Streams;
  readonly playbacks: Playbacks;
  readonly log: Log;
  /** Starts, or finds, the stream of a file that Jellyfin names; throws what is wrong with the file. */
  readonly openFilm: (film: FilmToOpen) => Promise<string>;
  /** Its stream, where another gateway has it and keeps it. Throws what is wrong with the file. */
  readonly keptElsewhere: (film: Pick<FilmToOpen, "path" | "wish">) => Promise<string | undefined>;
  /** What can be expected of such a file; begins nothing. Throws what is wrong with it. */
  readonly foresee: (
    path: string,
    fromSeconds: number,
    wish: FilmWish,
  ) => Promise<Foreseen | undefined>;
  readonly outputSize: FilmSizes["outputSize"];
  /** Adds what rules may name besides: user and library by their names. */
  readonly describe: (situation: PlaySituation) => Promise<PlaySituation>;
  /** What is made ready of other films leaves the machine to this one. */
  readonly yieldTo: (path: string) => void;
  readonly onPlay: readonly PlayRule[];
  readonly start: readonly StartRule[];
  /** How films are made for whom. */
  readonly wishes: readonly WishRule[];
  readonly maxOutputHeight: number;
  readonly startTimes: StartTimes;
  /** How long a client is kept waiting for an answer, … */
  readonly answerMs: number;
  /** … and where somebody wishes to see it upscaled. */
  readonly proofMs: number;
  /** What keeps to that. */
  readonly answerBy: (askedAtMs: number) => DueAnswer;
}

export type Verdict =
  | {
      readonly kind: "upscale";
      readonly streamId: string;
      readonly candidate: PlaybackCandidate;
      readonly mode: PlayMode;
    }
  | {
      readonly kind: "pass";
      readonly reason: PassReason;
      /** Why not upscaled, but soon: the stream is being made and may take over. */
      readonly streamId?: string;
      readonly candidate?: PlaybackCandidate;
      readonly mode?: PlayMode;
      /** What there is of a film that cannot hold, but may be made ahead of time. */
      readonly madeAheadId?: string | undefined;
      /** Another gateway has it, for somebody who watches it there. */
      readonly elsewhereId?: string | undefined;
      /** What was found out after the answer had to be given. */
      readonly later?: Promise<Verdict>;
    };

export type Pass = Extract<Verdict, { kind: "pass" }>;

/** What can be expected of a film; or why it is not upscaled here, whatever it costs. */
export async function look(
  { foresee, keptElsewhere }: JudgeDeps,
  candidate: PlaybackCandidate,
): Promise<Pass | { readonly makingMs: number }> {
  try {
    const elsewhereId = await keptElsewhere(candidate);
    if (elsewhereId !== undefined)
      return { ...pass("stream_failed", "another gateway upscales it"), candidate, elsewhereId };
    const foreseen = await foresee(candidate.path, candidate.startSeconds, candidate.wish ?? {});
    if (foreseen?.expectation.advice !== "original") return foreseen ?? { makingMs: 0 };
    const text = tellAdvice(foreseen.expectation.adviceTold);
    return { ...pass("cannot_hold", text), candidate, madeAheadId: foreseen.stream?.id };
  } catch (thrown) {
    return notOpened(thrown);
  }
}

/**
 * Waiting is a bet that the first segment comes in time: it is placed where it wins, as starts here
 * were measured, or where somebody wishes it.
 */
export function placeBet(
  { streams, startTimes, answerMs }: JudgeDeps,
  start: FilmStart,
  { leftMs, isWished }: { readonly leftMs: number; readonly isWished: boolean },
): Pass | { readonly kind: "wait"; readonly waitMs: number } {
  if (isThere(streams.status(start.id), start.startSeconds)) return { kind: "wait", waitMs: 0 };
  const expectedMs = startTimes.expectMs(start);
  void startTimes.measure(start);
  if (isWished || expectedMs === undefined || expectedMs <= leftMs)
    return { kind: "wait", waitMs: leftMs };
  const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;
  return pass(
    "not_ready_in_time",
    `the first upscaled pictures are expected in ${seconds(expectedMs)}, the original plays where they take more than ${seconds(answerMs)}`,
  );
}

export async function open(
  deps: JudgeDeps,
  { path, title, wish, startSeconds: fromSeconds }: PlaybackCandidate,
): Promise<Pass | { kind: "opened"; streamId: string }> {
  try {
    return { kind: "opened", streamId: await deps.openFilm({ path, title, wish, fromSeconds }) };
  } catch (thrown) {
    return notOpened(thrown);
  }
}

/** Where it is not known whose its stream is, or another gateway has it, nothing is wrong with the file. */
function notOpened(thrown: unknown): Pass {
  const { code, message } = toUpreelError(thrown);
  return pass(NOT_HERE_NOW.has(code) ? "stream_failed" : "file_not_readable", message);
}

export const pass = (...reason: Parameters<typeof passReason>): Pass => ({
  kind: "pass",
  reason: passReason(...reason),
});
