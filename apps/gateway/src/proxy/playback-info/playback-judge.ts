import { tellAdvice, type FilmWish, type StreamView } from "@upreel/core";
import {
  choosePlayMode,
  chooseStart,
  chooseWish,
  clientRefusal,
  clientScreen,
  decidePlayback,
  passReason,
  type PassReason,
  type PlaybackAnswer,
  type PlaybackCandidate,
  type PlaybackRequest,
  type PlaySituation,
} from "@upreel/jellyfin";
import type { DueAnswer } from "./answer-deadline.ts";
import { look, open, pass, placeBet, type JudgeDeps, type Verdict } from "./begin-film.ts";
import { proveStream } from "./prove-stream.ts";

/** Who asks for which item. */
export interface Asker {
  readonly viewer: string;
  readonly client: string | undefined;
  readonly itemId: string;
  /** When it asked, by `performance.now()`. */
  readonly askedAtMs: number;
}

/**
 * Decides on a PlaybackInfo answer, with the disk and the machine: what is proved is upscaled. Whatever
 * of that takes too long, the original is the answer in time, and `later` tells how it ended.
 */
export async function judgePlayback(
  deps: JudgeDeps,
  asker: Asker,
  request: PlaybackRequest,
  answer: PlaybackAnswer,
  due: DueAnswer,
): Promise<Verdict> {
  const decision = decidePlayback(request, answer, deps);
  if (decision.kind === "pass") return decision;
  const { candidate } = decision;
  deps.yieldTo(candidate.path);
  const judging = judgeFilm(deps, asker, request, candidate, due);
  const judged = await due.inTime(judging);
  if (judged !== undefined) return judged;
  const text = `not enough was known of the film within ${deps.answerMs / 1_000} s`;
  return { ...pass("not_ready_in_time", text), candidate, later: judging };
}

async function judgeFilm(
  deps: JudgeDeps,
  asker: Asker,
  request: PlaybackRequest,
  asked: PlaybackCandidate,
  due: DueAnswer,
): Promise<Verdict> {
  const situation = await deps.describe({
    client: asker.client,
    userId: request.UserId ?? undefined,
    path: asked.path,
  });
  const candidate = { ...asked, wish: await wishFor(deps, request, asked, situation) };
  const mode = choosePlayMode(deps.onPlay, situation);
  if (mode === "off")
    return pass("switched_off", "upscaling is switched off for this client, user or library");
  const choice = deps.playbacks.choiceOf(asker.viewer, asker.itemId);
  if (choice?.shows === "original") return { kind: "pass", reason: choice.reason };
  if (mode === "offer" && choice === undefined)
    return pass("only_offered", "it is upscaled when the viewer asks for it");
  const rule = chooseStart(deps.start, situation);
  const isWished = rule === "upscaled" || choice !== undefined;
  if (isWished) due.extendTo(deps.proofMs);

  const isLarge = asked.picture && !(await deps.outputSize(asked.picture, candidate.wish));
  if (isLarge === true) return pass("already_large", "the picture fills the screen already");
  const foreseen = await look(deps, candidate);
  // What cannot hold is not begun: nobody waits, and nothing is spent.
  if ("kind" in foreseen) return foreseen;
  const opened = await open(deps, candidate);
  if (opened.kind === "pass") return opened;
  const { streamId } = opened;
  // Where the run is to begin; paused until the client reports that it plays, as it may by now.
  if (!due.isOver)
    deps.streams.reportPlayhead(streamId, candidate.playSessionId, candidate.startSeconds, true);
  const waiting = { streamId, candidate, mode } as const;
  if ((mode === "ask" || rule === "original") && choice === undefined)
    return {
      ...pass("original_first", "the original plays until enough of it is upscaled"),
      ...waiting,
    };
  const start = { id: streamId, ...candidate, makingMs: foreseen.makingMs };
  const bet = placeBet(deps, start, { leftMs: due.leftMs(), isWished });
  if (bet.kind === "pass") return { ...bet, ...waiting };
  const proof = await proveStream(deps.streams, { ...start, timeoutMs: bet.waitMs });
  if (!proof.isProved) return { kind: "pass", reason: proof.reason, ...waiting };
  const reason = streamRefusal(request, proof.status, proof.bitsPerSecond);
  if (reason === undefined) return { kind: "upscale", ...waiting };
  if (reason.code === "cannot_hold") return { kind: "pass", reason, ...waiting };
  deps.streams.viewerLeft(streamId, candidate.playSessionId);
  return { kind: "pass", reason };
}

/** How the film is made for this viewer: no larger than his client takes it. */
async function wishFor(
  { wishes, outputSize }: JudgeDeps,
  request: PlaybackRequest,
  { picture }: PlaybackCandidate,
  situation: PlaySituation,
): Promise<FilmWish> {
  const wish = chooseWish(wishes, situation);
  if (picture === undefined) return wish;
  const screen = clientScreen(request, picture.framesPerSecond);
  const size = screen === undefined ? undefined : await outputSize(picture, wish);
  if (size === undefined) return wish;
  const made = { ...picture, ...size, bitsPerSecond: undefined };
  // What all others get is shared.
  return clientRefusal(request, made) === undefined ? wish : { ...wish, target_height: screen };
}

/** What the finished plan and the first segments say against playing it on this client. */
function streamRefusal(
  request: PlaybackRequest,
  status: StreamView,
  bitsPerSecond: number,
): PassReason | undefined {
  const { width, height, framesTotal: frames, durationSeconds: duration } = status;
  if (width === undefined || height === undefined || frames === undefined || duration === undefined)
    return passReason("fault", "the stream has no size yet");
  if (!/264/.test(status.encoder ?? ""))
    return passReason(
      "client_without_hls",
      `the stream is made by ${status.encoder}, not as H.264`,
    );
  if (status.advice === "original") return passReason("cannot_hold", tellAdvice(status.adviceTold));
  return clientRefusal(request, {
    width,
    height,
    framesPerSecond: frames / duration,
    bitsPerSecond,
  });
}
