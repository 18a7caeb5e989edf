import {
  UpreelError,
  preciseNowMs,
  segmentFrames,
  toReason,
  toUpreelError,
  type Reason,
  type RunEnd,
  type ResolvedRun,
  type Rung,
  type RungName,
  type RunStep,
} from "@upreel/core";
import type { RunningFrameJob, Upscaler } from "@upreel/upscaler";
import { encoderFailure } from "./encoder-failure.ts";
import { judgeEndOfInput } from "./end-of-input.ts";
import { decodedFrames } from "./frame-formats.ts";
import { frameModelOf, framesOfRun } from "./run-frames.ts";
import { closePipes, openPipes, type RunTools } from "./run-pipes.ts";

export interface RunDependencies extends RunTools {
  readonly upscaler: Upscaler;
  /** Another rung makes the segments from this one on. */
  readonly onRung?: (fromSegment: number, rung: Rung) => void;
  /** It has come so far on the way to its first segment. */
  readonly onStep?: (step: RunStep, atMs: number) => void;
  /** That one cannot be loaded; the one before goes on. */
  readonly onRungRefused?: (rung: Rung, reason: Reason) => void;
}

export interface UpscaleRun {
  /** Ids of the two ffmpeg processes. */
  readonly pids: readonly number[];
  /** Settles once, when both ffmpegs have exited and no thread works for this run. */
  readonly ended: Promise<RunEnd>;
  frames(): number;
  /** Inference saved so far, in frames. */
  saved(): number;
  /**
   * Another one of the order's rungs makes the segments from `fromSegment` on, or later ones while it is being loaded.
   * Throws `model_unknown` for any other, as for one whose network is not on this machine.
   */
  setRung(rung: RungName, fromSegment: number): void;
  /** How long threads were in the decoder's and the encoder's pipe since this was asked last, in milliseconds. */
  pipeTimes(): { readonly decoderMs: number; readonly encoderMs: number };
  pause(): void;
  resume(): void;
  cancel(): void;
}

/**
 * Makes the segments of `order`: decoder ▶ network ▶ encoder, joined by two FIFOs that the inference
 * threads read and write themselves. On any early end the encoder is killed, never just starved: it
 * would end its segment early and publish it as whole. `signal` ends the start only, which then
 * rejects; a run that has started is ended by its `cancel`.
 */
export async function startUpscale(
  order: ResolvedRun,
  deps: RunDependencies,
  signal: AbortSignal,
): Promise<UpscaleRun> {
  const { timeline } = order;
  const frames = framesOfRun(order);
  const opened = await openPipes(order, deps, frames, signal);
  deps.onStep?.("opened", preciseNowMs());
  const { decoder, encoder } = opened;

  const { width, height } = decodedFrames(frameModelOf(order), order.output);
  let cancelled = false;
  let decoderFailure: UpreelError | undefined;
  let wasKilled = false;
  let hasEndedEarly = false;
  let isEncoderGone = false;

  const job: RunningFrameJob = deps.upscaler.process({
    rung: order.rung,
    otherRungs: order.otherRungs,
    framesPerSegment: timeline.framesPerSegment,
    onRung: (frame, rung) =>
      deps.onRung?.(order.fromSegment + frame / timeline.framesPerSegment, rung),
    ...(deps.onRungRefused !== undefined && { onRungRefused: deps.onRungRefused }),
    onStep: (step, atMs) => deps.onStep?.(step, atMs),
    ...{ width, height, frames: frames.count },
    inputFd: opened.input.fd,
    outputFd: opened.output.fd,
    onInputEnded: async (frame) => {
      const exit = await decoder.exited;
      if (cancelled || isEncoderGone) return "stop";
      const end = await judgeEndOfInput(order, frames, frame, exit);
      if (end.verdict === "stop") {
        decoderFailure = end.error;
        wasKilled = end.wasKilled;
      }
      if (end.verdict === "finish") {
        hasEndedEarly = true;
        encoder.endSoundAfter(frame);
      }
      return end.verdict;
    },
  });
  // A dead encoder must not leave the threads waiting for a decoder that waits for them, or for a
  // disk that does not answer.
  void encoder.exited.then(() => {
    isEncoderGone = true;
    job.stop();
    decoder.kill();
  });

  const lostEncoder = async (symptom: string): Promise<UpreelError> => {
    const failure = await encoderFailure(order, encoder, symptom);
    ({ wasKilled } = failure);
    return failure.error;
  };

  const finish = async (): Promise<RunEnd> => {
    try {
      const result = await job.done;
      if (cancelled) return { why: "cancelled", frames: result.frames };
      if (decoderFailure !== undefined) throw decoderFailure;
      if (result.why === "stopped") throw await lostEncoder("it left early");
      decoder.kill();
      await opened.output.close();
      const exit = await encoder.exited;
      if (cancelled) return { why: "cancelled", frames: result.frames };
      if (exit.exitCode !== 0) throw await lostEncoder("it failed at the end");
      return { why: hasEndedEarly ? "source_truncated" : "finished", frames: result.frames };
    } catch (thrown) {
      if (cancelled) return { why: "cancelled", frames: job.frames() };
      const known = toUpreelError(thrown);
      const hasLostEncoder = known.code === "encoder_failed" && known.cause === undefined;
      const error = hasLostEncoder ? await lostEncoder(known.got ?? "") : known;
      return { why: "failed", frames: job.frames(), reason: toReason(error), wasKilled };
    } finally {
      encoder.kill();
      decoder.kill();
      await Promise.all([encoder.exited, decoder.exited]);
      await closePipes(opened);
    }
  };

  return {
    pids: [decoder.pid, encoder.pid],
    ended: finish().then((end) => ({
      ...end,
      decoded: picturesOfSegments(order, end.frames, decoder.picturesBySegment()),
    })),
    frames: () => job.frames(),
    saved: () => job.saved(),
    setRung(rung, fromSegment) {
      const from = Math.max(0, fromSegment - order.fromSegment) * timeline.framesPerSegment;
      job.setRung(rungNamed(order, rung), from);
    },
    pipeTimes: () => job.pipeTimes(),
    pause: () => job.pause(),
    resume: () => job.resume(),
    cancel() {
      cancelled = true;
      encoder.kill();
      decoder.kill();
      job.stop();
    },
  };
}

/** Of the segments of which all frames were made, from the first one on. */
function picturesOfSegments(
  { timeline, fromSegment, toSegment }: ResolvedRun,
  frames: number,
  bySegment: ReadonlyMap<number, number>,
): number[] {
  const made = segmentFrames(timeline, fromSegment).first + frames;
  const decoded: number[] = [];
  for (let k = fromSegment; k < toSegment && segmentFrames(timeline, k).end <= made; k += 1)
    decoded.push(bySegment.get(k) ?? 0);
  return decoded;
}

function rungNamed({ rung, otherRungs = [] }: ResolvedRun, { model, provider }: RungName): Rung {
  const named = [rung, ...otherRungs].find(
    (each) => each.model.id === model && each.provider === provider,
  );
  if (named !== undefined) return named;
  throw new UpreelError("model_unknown", `The network of ${model} is not on this machine`, {
    expected: [rung, ...otherRungs].map((each) => each.model.id).join(", "),
    got: `${model} on ${provider}`,
  });
}
