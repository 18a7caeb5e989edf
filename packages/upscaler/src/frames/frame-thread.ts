import { parentPort, workerData } from "node:worker_threads";
import type { RunStep } from "@upreel/core";
import { preciseNowMs } from "@upreel/core/plain";
import { createDeviceTurn } from "../providers/device-turn.ts";
import { cleanBars } from "./clean-bars.ts";
import { createFrameBuffers, paintBlack, type FrameBuffers } from "./frame-buffers.ts";
import * as control from "./frame-control.ts";
import { frameLayout, type FrameLayout } from "./frame-layout.ts";
import { joinRows } from "./copy-box.ts";
import { readFrame, writeFrame } from "./frame-pipes.ts";
import { pictureSize } from "./infer-frame.ts";
import { createModelCache } from "./model-cache.ts";
import type { FrameRung } from "./rung-control.ts";
import { StageError } from "./stage-error.ts";
import type { ThreadCommand, ThreadData, ThreadEvent, ThreadJob } from "./thread-messages.ts";
import { createThreadRungs, type ThreadRungs } from "./thread-rungs.ts";

/**
 * The whole life of a frame, in one thread and without an event loop in between: read from the
 * decoder's pipe, infer, write to the encoder's pipe. Blocking reads and writes are meant: a thread
 * that waits costs nothing, and the pipes' own backpressure bounds the memory.
 */
if (parentPort === null) throw new Error("frame-thread.ts runs in a worker thread only");
const port = parentPort;
const { deviceLock, findsTileRules } = workerData as ThreadData;
const deviceTurn = createDeviceTurn(deviceLock);
const post = (event: ThreadEvent): void => port.postMessage(event);
const tellStep = (step: RunStep): void => post({ type: "step", step, atMs: preciseNowMs() });

const cache = createModelCache(deviceTurn);
const NO_MARK = new Uint8Array();

/** What a thread has at hand for one job. */
interface Work {
  readonly job: ThreadJob;
  readonly layout: FrameLayout;
  readonly control: control.FrameControl;
  readonly buffers: FrameBuffers;
  /** Undefined where frames pass as they are. */
  readonly rungs: ThreadRungs | undefined;
}

type Read =
  | { readonly kind: "frame"; readonly frame: number; readonly rung: FrameRung | undefined }
  /** First a network has to be loaded. */
  | { readonly kind: "load" }
  | { readonly kind: "input-ended"; readonly frame: number }
  | { readonly kind: "nothing-left" };

/** Takes the next frame off the decoder's pipe; frames are handed out in order under the lock. */
function takeFrame({ job, layout, control: c, buffers, rungs }: Work): Read {
  control.lockReads(c);
  try {
    const next = control.waitWhilePaused(c, () => rungs?.takesTurn() === true);
    if (next === "stopped") return { kind: "nothing-left" };
    if (next === "work") return { kind: "load" };
    const frame = control.nextRead(c);
    if (frame >= job.frames) return { kind: "nothing-left" };
    // A slot is free once the frame after the one that was in it is written: that one is compared with it.
    if (!control.waitUntilWritten(c, frame - job.slots + 2)) return { kind: "nothing-left" };
    let got: number;
    const fromMs = performance.now();
    try {
      got = readFrame(job.inputFd, buffers.inputOf(frame));
    } catch (cause) {
      throw new StageError("read", cause);
    }
    control.countTime(c, "inDecoder", performance.now() - fromMs);
    if (got < layout.inputBytes) {
      control.setNextRead(c, job.frames);
      return { kind: "input-ended", frame };
    }
    // Before another thread compares the next frame with it.
    if (rungs !== undefined && !job.inferAll) {
      const picture = buffers.inputOf(frame).subarray(0, layout.inferredBytes);
      buffers.noteBars(frame, cleanBars(picture, pictureSize(job)));
    }
    if (frame === 0) tellStep("decoded");
    control.setNextRead(c, frame + 1);
    return { kind: "frame", frame, rung: rungs?.of(frame) };
  } finally {
    control.unlockReads(c);
  }
}

function write({ job, layout, buffers }: Work, frame: number, rung: number): void {
  try {
    const mark = job.marksRungs ? Uint8Array.of(rung) : NO_MARK;
    const rest = buffers.inputOf(frame).subarray(layout.inferredBytes);
    const { passedRows } = layout;
    if (passedRows !== undefined) joinRows(rest, passedRows, buffers.passed);
    writeFrame(job.outputFd, [
      mark,
      buffers.lastResult,
      passedRows === undefined ? rest : buffers.passed,
    ]);
  } catch (cause) {
    throw new StageError("write", cause);
  }
}

async function processFrames(job: ThreadJob): Promise<void> {
  const layout = frameLayout(job.frameModel, job.width, job.height);
  const c = control.createFrameControl(job.control);
  const buffers = createFrameBuffers(job, layout);
  const rungs =
    job.frameModel.kind === "copy"
      ? undefined
      : createThreadRungs({ job, layout, buffers, cache, control: c, post, findsTileRules });
  await rungs?.begin().catch(failedToLoad);
  tellStep("loaded");
  const work: Work = { job, layout, control: c, buffers, rungs };
  for (;;) {
    if (rungs?.takesTurn() === true) await rungs.loadWanted();
    const read = takeFrame(work);
    if (read.kind === "nothing-left") return;
    if (read.kind === "input-ended") return fillUp(work, read.frame);
    if (read.kind === "load") await rungs?.loadWanted();
    else if (!(await makeFrame(work, read))) return;
  }
}

/** Whether there is more to do. */
async function makeFrame(
  work: Work,
  { frame, rung }: Extract<Read, { kind: "frame" }>,
): Promise<boolean> {
  const { control: c, rungs } = work;
  const inferred =
    rung &&
    (await rungs?.infer(frame, rung).catch((cause: unknown) => {
      throw cause instanceof StageError ? cause : new StageError("infer", cause);
    }));
  if (frame === 0) tellStep("upscaled");
  if (!control.waitForTurn(c, frame)) return false;
  if (inferred !== undefined) {
    inferred.settle();
    control.countSaved(c, inferred.saved);
  }
  const fromMs = performance.now();
  write(work, frame, rung?.rung ?? 0);
  control.countTime(c, "inEncoder", performance.now() - fromMs);
  control.setWritten(c, frame + 1);
  if (frame + 1 === work.job.framesPerSegment) tellStep("encoding");
  return true;
}

/** The input ended at `frame`: asks what that means and repeats the last frame where told so. */
function fillUp(work: Work, frame: number): void {
  const { job, control: c } = work;
  post({ type: "input-ended", frame });
  if (control.waitForVerdict(c) !== "repeat") return;
  // A network has no picture to repeat, and none is made up for it.
  if (frame === 0 && job.frameModel.kind !== "copy") return;
  const last = Math.max(0, frame - 1);
  if (frame === 0) paintBlack(work.buffers.inputOf(last), job.width * job.height);
  for (let next = frame; next < job.frames; next++) {
    if (!control.waitForTurn(c, next)) return;
    write(work, last, work.rungs?.current() ?? 0);
    control.setWritten(c, next + 1);
  }
}

async function handle(command: ThreadCommand): Promise<void> {
  if (command.type === "process") return processFrames(command.job);
  const { rung } = command;
  await cache.keepOnly([rung]);
  if (rung.model.kind !== "copy") await cache.load(rung, rung.model).catch(failedToLoad);
}

const failedToLoad = (cause: unknown): never => {
  throw new StageError("load", cause);
};

/** When a command is answered: what the first segment of the next job would wait for. */
async function prepare(command: ThreadCommand): Promise<void> {
  if (!findsTileRules || command.type !== "load" || command.rung.model.kind === "copy") return;
  const model = await cache.load(command.rung, command.rung.model);
  await model.tileRule();
}

/** One command after the other: a job that comes while a network loads waits for it. */
let last: Promise<void> = Promise.resolve();
port.on("message", (command: ThreadCommand) => {
  last = last
    .then(() => handle(command))
    .then(
      () => post({ type: "done", command: command.type }),
      (error: unknown) =>
        post({
          type: "failed",
          command: command.type,
          stage: error instanceof StageError ? error.stage : "infer",
          reason: error instanceof StageError ? error.reason : undefined,
          message: error instanceof Error ? error.message : String(error),
        }),
    )
    // What fails now fails again where it is needed.
    .then(() => prepare(command).catch(() => {}));
});
