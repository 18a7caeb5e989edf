import {
  UpreelError,
  preciseNowMs,
  type RunEnd,
  type ResolvedRun,
  type Rung,
  type RungName,
  type RunStep,
} from "@upreel/core";
import type { RunningFrameJob, Upscaler } from "@upreel/upscaler";
import { UNTOUCHED, endRun, meetEndOfInput, picturesOfSegments } from "./end-run.ts";
import { decodedFrames } from "./frame-formats.ts";
import { frameModelOf, framesOfRun } from "./run-frames.ts";
import { openPipes, type RunTools } from "./run-pipes.ts";
import { tellRungs } from "./tell-rungs.ts";

export interface RunDependencies extends RunTools {
  readonly upscaler: Upscaler;
  /** Another rung makes the segments from this one on. */
  readonly onRung?: (fromSegment: number, rung: Rung) => void;
  /** It has come so far on the way to its first segment. */
  readonly onStep?: (step: RunStep, atMs: number) => void;
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
  const told = tellRungs(order, (fromSegment, rung) => deps.onRung?.(fromSegment, rung));
  const tools = { ...deps, onFacesLost: told.onFacesLost };
  const opened = await openPipes(order, tools, frames, signal);
  deps.onStep?.("opened", preciseNowMs());
  const { decoder, encoder } = opened;

  const { width, height } = decodedFrames(frameModelOf(order), order.output);
  const fate = { ...UNTOUCHED };

  const job: RunningFrameJob = deps.upscaler.process({
    rung: order.rung,
    otherRungs: order.otherRungs,
    framesPerSegment: timeline.framesPerSegment,
    onRung: (frame, rung) =>
      told.onRung(order.fromSegment + frame / timeline.framesPerSegment, rung),
    ...(deps.onRungRefused !== undefined && { onRungRefused: deps.onRungRefused }),
    onStep: (step, atMs) => deps.onStep?.(step, atMs),
    ...{ width, height, frames: frames.count, marksRungs: opened.faces !== undefined },
    inputFd: opened.input.fd,
    outputFd: opened.output.fd,
    onInputEnded: (frame) => meetEndOfInput(order, opened, { frames, frame }, fate),
  });
  // A dead encoder must not leave the threads waiting for a decoder that waits for them, or for a
  // disk that does not answer.
  void encoder.exited.then(() => {
    fate.isEncoderGone = true;
    opened.faces?.stop();
    job.stop();
    decoder.kill();
  });

  return {
    pids: [decoder.pid, encoder.pid],
    ended: endRun(order, opened, job, fate).then((end) => ({
      ...end,
      decoded: picturesOfSegments(order, end.frames, decoder.picturesBySegment()),
    })),
    frames: () => job.frames(),
    saved: () => job.saved(),
    setRung(rung, fromSegment) {
      const from = Math.max(0, fromSegment - order.fromSegment) * timeline.framesPerSegment;
      job.setRung(rungNamed(order, rung), from);
    },
    pipeTimes() {
      const times = job.pipeTimes();
      // What the threads wait for is the stage then.
      return opened.faces === undefined ? times : { ...times, encoderMs: opened.faces.encoderMs() };
    },
    pause: () => job.pause(),
    resume: () => job.resume(),
    cancel() {
      fate.isCancelled = true;
      encoder.kill();
      decoder.kill();
      job.stop();
    },
  };
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
