import { parentPort, workerData } from "node:worker_threads";
import type { Rung } from "@upreel/core";
import { createDeviceTurn } from "../providers/device-turn.ts";
import { loadSession, type Session } from "../session.ts";
import { createFrameBuffers, type FrameBuffers } from "./frame-buffers.ts";
import * as control from "./frame-control.ts";
import { frameLayout, type FrameLayout } from "./frame-layout.ts";
import { narrowRows } from "./copy-box.ts";
import { readFrame, writeFrame } from "./frame-pipes.ts";
import { createInference, type LoadedModel } from "./infer-frame.ts";
import type { TileRule } from "./plan-work.ts";
import { StageError } from "./stage-error.ts";
import type { ThreadCommand, ThreadData, ThreadEvent, ThreadJob } from "./thread-messages.ts";

/**
 * The whole life of a frame, in one thread and without an event loop in between: read from the
 * decoder's pipe, infer, write to the encoder's pipe. Blocking reads and writes are meant: a thread
 * that waits costs nothing, and the pipes' own backpressure bounds the memory.
 */
if (parentPort === null) throw new Error("frame-thread.ts runs in a worker thread only");
const port = parentPort;
const deviceTurn = createDeviceTurn((workerData as ThreadData).deviceLock);
const post = (event: ThreadEvent): void => port.postMessage(event);

const keyOf = (rung: Rung): string => `${rung.provider}:${rung.tilePixels}:${rung.model.file}`;
let loaded: LoadedModel | undefined;

/** Undefined for a rung without a network. */
async function load(rung: Rung): Promise<LoadedModel | undefined> {
  if (loaded !== undefined && keyOf(loaded.rung) === keyOf(rung)) return loaded;
  await loaded?.session.release();
  loaded = undefined;
  if (rung.model.kind === "copy") return undefined;
  const session = await loadSession(rung, { deviceTurn });
  loaded = { rung, session, tileRule: tileRuleOf(session, rung) };
  return loaded;
}

/** Found when first asked for: what reads graphs takes a while to load, and the proof as long as a frame. */
function tileRuleOf(session: Session, rung: Rung): LoadedModel["tileRule"] {
  let rule: Promise<TileRule | undefined> | undefined;
  const find = async (): Promise<TileRule | undefined> => {
    const { findTileRule } = await import("./find-tile-rule.ts");
    return findTileRule(session, rung);
  };
  return () => (rule ??= find());
}

/** What a thread has at hand for one job. */
interface Work {
  readonly job: ThreadJob;
  readonly layout: FrameLayout;
  readonly control: control.FrameControl;
  readonly buffers: FrameBuffers;
}

type Read =
  | { readonly kind: "frame"; readonly frame: number }
  | { readonly kind: "input-ended"; readonly frame: number }
  | { readonly kind: "nothing-left" };

/** Takes the next frame off the decoder's pipe; frames are handed out in order under the lock. */
function takeFrame({ job, layout, control: c, buffers }: Work): Read {
  control.lockReads(c);
  try {
    if (!control.waitWhilePaused(c)) return { kind: "nothing-left" };
    const frame = control.nextRead(c);
    if (frame >= job.frames) return { kind: "nothing-left" };
    // A slot is free once the frame after the one that was in it is written: that one is compared with it.
    if (!control.waitUntilWritten(c, frame - job.slots + 2)) return { kind: "nothing-left" };
    let got: number;
    try {
      got = readFrame(job.inputFd, buffers.inputOf(frame));
    } catch (cause) {
      throw new StageError("read", cause);
    }
    if (got < layout.inputBytes) {
      control.setNextRead(c, job.frames);
      return { kind: "input-ended", frame };
    }
    control.setNextRead(c, frame + 1);
    return { kind: "frame", frame };
  } finally {
    control.unlockReads(c);
  }
}

function write({ job, layout, buffers }: Work, frame: number): void {
  try {
    const rest = buffers.inputOf(frame).subarray(layout.inferredBytes);
    const { passedRows } = layout;
    if (passedRows !== undefined) narrowRows(rest, passedRows, buffers.passed);
    writeFrame(job.outputFd, [
      buffers.lastResult,
      passedRows === undefined ? rest : buffers.passed,
    ]);
  } catch (cause) {
    throw new StageError("write", cause);
  }
}

async function processFrames(job: ThreadJob, model: LoadedModel | undefined): Promise<void> {
  const layout = frameLayout(job.rung.model, job.width, job.height);
  const c = control.createFrameControl(job.control);
  const work: Work = { job, layout, control: c, buffers: createFrameBuffers(job, layout) };
  const infer = model && createInference(job, layout, model, work.buffers);
  for (;;) {
    const read = takeFrame(work);
    if (read.kind === "nothing-left") return;
    if (read.kind === "input-ended") {
      fillUp(work, read.frame);
      return;
    }
    const { frame } = read;
    const inferred = await infer?.(frame).catch((cause: unknown) => {
      throw new StageError("infer", cause);
    });
    if (!control.waitForTurn(c, frame)) return;
    if (inferred !== undefined) {
      inferred.settle();
      control.countSaved(c, inferred.saved);
    }
    write(work, frame);
    control.setWritten(c, frame + 1);
  }
}

/** The input ended at `frame`: asks what that means and repeats the last frame where told so. */
function fillUp(work: Work, frame: number): void {
  const { job, control: c } = work;
  post({ type: "input-ended", frame });
  if (control.waitForVerdict(c) !== "repeat") return;
  // A network has no picture to repeat, and none is made up for it.
  if (frame === 0 && job.rung.model.kind !== "copy") return;
  const last = Math.max(0, frame - 1);
  if (frame === 0) paintBlack(work.buffers.inputOf(last), job.width * job.height);
  for (let next = frame; next < job.frames; next++) {
    if (!control.waitForTurn(c, next)) return;
    write(work, last);
    control.setWritten(c, next + 1);
  }
}

/** A black picture in limited range; only frames that pass unchanged are ever filled without a first one. */
function paintBlack(yuv420: Uint8Array, lumaBytes: number): void {
  yuv420.fill(16, 0, lumaBytes);
  yuv420.fill(128, lumaBytes);
}

async function handle(command: ThreadCommand): Promise<void> {
  const model = await load(command.type === "load" ? command.rung : command.job.rung).catch(
    (cause: unknown) => {
      throw new StageError("load", cause);
    },
  );
  if (command.type === "process") await processFrames(command.job, model);
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
    );
});
