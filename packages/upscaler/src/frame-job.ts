import {
  UpreelError,
  framesOf,
  isSameRung,
  sharesFrames,
  type Reason,
  type Rung,
  type RunStep,
} from "@upreel/core";
import type { Worker } from "node:worker_threads";
import { askThread, type JobEvent } from "./ask-thread.ts";
import * as control from "./frames/frame-control.ts";
import { BARS_BYTES } from "./frames/frame-buffers.ts";
import { frameLayout } from "./frames/frame-layout.ts";
import * as rungControl from "./frames/rung-control.ts";
import type { ThreadJob } from "./frames/thread-messages.ts";

export interface FrameJob {
  /** What begins it. */
  readonly rung: Rung;
  /** What it may change to; of the same frames (`sharesFrames`). */
  readonly otherRungs?: readonly Rung[] | undefined;
  /** It changes at multiples of it. Default: never. */
  readonly framesPerSegment?: number;
  /** Frames from `frame` on are made by another rung. */
  readonly onRung?: (frame: number, rung: Rung) => void;
  /** One that was asked for cannot be loaded: the one before goes on. */
  readonly onRungRefused?: (rung: Rung, reason: Reason) => void;
  /** On the way to the end of its first segment, each once; `loaded` by the first thread. */
  readonly onStep?: (step: RunStep, atMs: number) => void;
  /** Size of the frames that the decoder gives. */
  readonly width: number;
  readonly height: number;
  /** Frames to give to the encoder. */
  readonly frames: number;
  /** Infer each picture whole and as it is, bars and all: to measure by. */
  readonly inferAll?: boolean;
  readonly inputFd: number;
  readonly outputFd: number;
  /** A byte before each frame tells its rung, by its place in `rungsOf`, to the stage that comes after. */
  readonly marksRungs?: boolean;
  /** The input ended before frame `frame`: repeat the last one, finish here, or stop at once. */
  readonly onInputEnded: (frame: number) => Promise<control.Verdict>;
}

export interface FrameJobResult {
  readonly why: "all" | "input-ended" | "stopped";
  readonly frames: number;
}

export interface RunningFrameJob {
  /** Settles when no thread touches the pipes any more. Rejects with UpreelError. */
  readonly done: Promise<FrameJobResult>;
  frames(): number;
  /** Inference saved so far, in frames: whole ones and parts that were as in the frame before. */
  saved(): number;
  /**
   * From the first frame of a segment on, not before `fromFrame`, `rung` makes the frames, as soon as every thread has
   * it loaded: in the background, one thread after the other. Throws `internal` for a rung that the job does not have.
   */
  setRung(rung: Rung, fromFrame: number): void;
  /** How long threads were in the decoder's and the encoder's pipe since this was asked last. */
  pipeTimes(): control.PipeTimes;
  /** Stops reading; the decoder then waits in its pipe. */
  pause(): void;
  resume(): void;
  /** Threads leave at their next step; one that is inside a pipe leaves when that pipe's peer dies. */
  stop(): void;
}

/** All of a job, the one that begins it first. */
export function rungsOf({
  rung,
  otherRungs = [],
}: Pick<FrameJob, "rung" | "otherRungs">): [Rung, ...Rung[]] {
  const others = otherRungs.filter((other) => !isSameRung(other, rung));
  const frameModel = framesOf([rung, ...others]);
  return [rung, ...others.filter(({ model }) => sharesFrames(frameModel, model))];
}

/** What each thread is told of a job, with the memory that all of them share. */
function describeJob(
  job: FrameJob,
  rungs: readonly [Rung, ...Rung[]],
  threads: number,
): Omit<ThreadJob, "rungControl" | "control"> {
  const frameModel = framesOf(rungs);
  const layout = frameLayout(frameModel, job.width, job.height);
  // One for each thread, one for the frame before the first of those, and one for the frame before that.
  const slots = threads + 2;
  return {
    ...{ rungs, frameModel, threads, framesPerSegment: job.framesPerSegment ?? job.frames },
    width: job.width,
    height: job.height,
    frames: job.frames,
    inferAll: job.inferAll ?? false,
    marksRungs: job.marksRungs ?? false,
    inputFd: job.inputFd,
    outputFd: job.outputFd,
    inputs: new SharedArrayBuffer(slots * layout.slotBytes),
    slots,
    bars: new SharedArrayBuffer(slots * BARS_BYTES),
    lastResult: new SharedArrayBuffer(layout.resultBytes),
  };
}

/** Lets these threads make the frames of a job. */
export function processFrames(threads: readonly Worker[], job: FrameJob): RunningFrameJob {
  const rungs = rungsOf(job);
  const ladder = rungControl.createRungControl(rungs.length);
  const shared = control.createFrameControl();
  const threadJob: ThreadJob = {
    ...describeJob(job, rungs, threads.length),
    ...{ rungControl: ladder.shared, control: shared.shared },
  };
  let endedAt: number | undefined;

  const onInputEnded = (frame: number): void => {
    endedAt = frame;
    job.onInputEnded(frame).then(
      (verdict) => control.giveVerdict(shared, verdict),
      () => control.giveVerdict(shared, "stop"),
    );
  };

  const taken = new Set<RunStep>();
  function noteStep(step: RunStep, atMs: number): void {
    if (taken.has(step)) return;
    taken.add(step);
    job.onStep?.(step, atMs);
  }

  function onEvent(event: JobEvent): void {
    if (event.type === "input-ended") return onInputEnded(event.frame);
    if (event.type === "step") return noteStep(event.step, event.atMs);
    const rung = rungs[event.rung];
    if (rung === undefined) return;
    if (event.type === "rung-changed") job.onRung?.(event.frame, rung);
    else job.onRungRefused?.(rung, event.reason);
  }

  const indexOf = (rung: Rung): number => rungs.findIndex((each) => isSameRung(each, rung));

  const run = async (): Promise<FrameJobResult> => {
    const results = await Promise.allSettled(
      threads.map(async (thread) => {
        try {
          await askThread(thread, { type: "process", job: threadJob }, onEvent);
        } catch (error) {
          control.stop(shared);
          throw error;
        }
      }),
    );
    const failed = results.find((result) => result.status === "rejected");
    if (failed !== undefined) throw failed.reason;
    const frames = control.framesWritten(shared);
    if (frames === job.frames) return { why: "all", frames };
    if (control.isStopped(shared) || endedAt !== frames) return { why: "stopped", frames };
    return { why: "input-ended", frames };
  };

  return {
    done: run(),
    frames: () => control.framesWritten(shared),
    saved: () => control.framesSaved(shared),
    setRung(rung, fromFrame) {
      const index = indexOf(rung);
      if (index < 0) {
        throw new UpreelError("internal", `A run was told to change to ${rung.model.id}`, {
          expected: rungs.map(({ model }) => model.id).join(", "),
          got: `${rung.model.id} on ${rung.provider}`,
        });
      }
      rungControl.wantRung(ladder, index, fromFrame);
      control.wakeAll(shared);
    },
    pipeTimes: control.createPipeClock(shared),
    pause: () => control.pause(shared),
    resume: () => control.resume(shared),
    stop: () => control.stop(shared),
  };
}
