import { readSync, writevSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import { toReason, UpreelError, type Reason, type Rung } from "@upreel/core";
import type { Tensor } from "onnxruntime-node";
import { createDeviceTurn } from "../providers/device-turn.ts";
import { byteTensor, loadSession, type Session } from "../session.ts";
import * as control from "./frame-control.ts";
import { frameLayout, type FrameLayout } from "./frame-layout.ts";
import type {
  Stage,
  ThreadCommand,
  ThreadData,
  ThreadEvent,
  ThreadJob,
} from "./thread-messages.ts";

/**
 * The whole life of a frame, in one thread and without an event loop in between: read from the
 * decoder's pipe, infer, write to the encoder's pipe. Blocking reads and writes are meant: a thread
 * that waits costs nothing, and the pipes' own backpressure bounds the memory.
 */
if (parentPort === null) throw new Error("frame-thread.ts runs in a worker thread only");
const port = parentPort;
const deviceTurn = createDeviceTurn((workerData as ThreadData).deviceLock);
const post = (event: ThreadEvent): void => port.postMessage(event);

interface Loaded {
  readonly key: string;
  readonly session: Session | undefined;
}
let loaded: Loaded | undefined;

class StageError extends Error {
  readonly stage: Stage;
  /** Where the cause says more than the stage. */
  readonly reason: Reason | undefined;
  constructor(stage: Stage, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.stage = stage;
    this.reason = cause instanceof UpreelError ? toReason(cause) : undefined;
  }
}

async function load(rung: Rung): Promise<Session | undefined> {
  const key = `${rung.provider}:${rung.tilePixels}:${rung.model.file}`;
  if (loaded?.key !== key) {
    await loaded?.session?.release();
    loaded = undefined;
    const isCopy = rung.model.kind === "copy";
    loaded = { key, session: isCopy ? undefined : await loadSession(rung, { deviceTurn }) };
  }
  return loaded.session;
}

/** Fills `frame` from the pipe; the bytes got, fewer than asked only at the end of input. */
function readFrame(fd: number, frame: Uint8Array): number {
  let got = 0;
  while (got < frame.length) {
    const bytes = readSync(fd, frame, got, frame.length - got, null);
    if (bytes === 0) break;
    got += bytes;
  }
  return got;
}

function writeFrame(fd: number, parts: readonly Uint8Array[]): void {
  let pending = parts.filter((part) => part.length > 0);
  while (pending.length > 0) {
    let written = writevSync(fd, pending);
    const rest: Uint8Array[] = [];
    for (const part of pending) {
      const taken = Math.min(written, part.length);
      written -= taken;
      if (taken < part.length) rest.push(part.subarray(taken));
    }
    pending = rest;
  }
}

type Read =
  | { readonly kind: "frame"; readonly frame: number; readonly isRepeat: boolean }
  | { readonly kind: "input-ended"; readonly frame: number }
  | { readonly kind: "nothing-left" };

/** Buffers of one thread for one job. */
function createBuffers(job: ThreadJob, layout: FrameLayout) {
  const own = new Uint8Array(layout.inferredBytes);
  const result = new Uint8Array(layout.resultBytes);
  const inputs = Array.from(
    { length: job.slots },
    (_, slot) => new Uint8Array(job.inputs, slot * layout.inputBytes, layout.inputBytes),
  );
  return {
    own,
    result,
    inputOf: (frame: number) => inputs[frame % job.slots] as Uint8Array,
    lastResult: new Uint8Array(job.lastResult),
    tensors: (layout.inferredBytes === 0
      ? undefined
      : [byteTensor(own, layout.inputDims), byteTensor(result, layout.outputDims)]) as
      | readonly [Tensor, Tensor]
      | undefined,
  };
}
type Buffers = ReturnType<typeof createBuffers>;

/** Takes the next frame off the decoder's pipe; frames are handed out in order under the lock. */
function takeFrame(job: ThreadJob, layout: FrameLayout, c: control.FrameControl, b: Buffers): Read {
  control.lockReads(c);
  try {
    if (!control.waitWhilePaused(c)) return { kind: "nothing-left" };
    const frame = control.nextRead(c);
    if (frame >= job.frames) return { kind: "nothing-left" };
    // The slot is free once the frame that was in it is written.
    if (!control.waitUntilWritten(c, frame - job.slots + 1)) return { kind: "nothing-left" };
    const input = b.inputOf(frame);
    let got: number;
    try {
      got = readFrame(job.inputFd, input);
    } catch (cause) {
      throw new StageError("read", cause);
    }
    if (got < layout.inputBytes) {
      control.setNextRead(c, job.frames);
      return { kind: "input-ended", frame };
    }
    control.setNextRead(c, frame + 1);
    const isRepeat =
      frame > 0 && layout.inferredBytes > 0 && isSame(input, b.inputOf(frame - 1), layout);
    return { kind: "frame", frame, isRepeat };
  } finally {
    control.unlockReads(c);
  }
}

function isSame(a: Uint8Array, b: Uint8Array, layout: FrameLayout): boolean {
  const bytes = layout.inferredBytes;
  return (
    Buffer.compare(
      Buffer.from(a.buffer, a.byteOffset, bytes),
      Buffer.from(b.buffer, b.byteOffset, bytes),
    ) === 0
  );
}

function write(job: ThreadJob, layout: FrameLayout, b: Buffers, frame: number): void {
  try {
    writeFrame(job.outputFd, [b.lastResult, b.inputOf(frame).subarray(layout.inferredBytes)]);
  } catch (cause) {
    throw new StageError("write", cause);
  }
}

async function processFrames(job: ThreadJob, session: Session | undefined): Promise<void> {
  const layout = frameLayout(job.rung.model, job.width, job.height);
  const c = control.createFrameControl(job.control);
  const b = createBuffers(job, layout);
  for (;;) {
    const read = takeFrame(job, layout, c, b);
    if (read.kind === "nothing-left") return;
    if (read.kind === "input-ended") {
      fillUp(job, layout, c, b, read.frame);
      return;
    }
    const { frame, isRepeat } = read;
    if (session !== undefined && b.tensors !== undefined && !isRepeat) {
      b.own.set(b.inputOf(frame).subarray(0, layout.inferredBytes));
      try {
        await session.run(...b.tensors);
      } catch (cause) {
        throw new StageError("infer", cause);
      }
    }
    if (!control.waitForTurn(c, frame)) return;
    if (isRepeat) control.countReused(c);
    else b.lastResult.set(b.result);
    write(job, layout, b, frame);
    control.setWritten(c, frame + 1);
  }
}

/** The input ended at `frame`: asks what that means and repeats the last frame where told so. */
function fillUp(
  job: ThreadJob,
  layout: FrameLayout,
  c: control.FrameControl,
  b: Buffers,
  frame: number,
): void {
  post({ type: "input-ended", frame });
  if (control.waitForVerdict(c) !== "repeat" || frame === 0) return;
  for (let next = frame; next < job.frames; next++) {
    if (!control.waitForTurn(c, next)) return;
    write(job, layout, b, frame - 1);
    control.setWritten(c, next + 1);
  }
}

async function handle(command: ThreadCommand): Promise<void> {
  const session = await load(command.type === "load" ? command.rung : command.job.rung).catch(
    (cause: unknown) => {
      throw new StageError("load", cause);
    },
  );
  if (command.type === "process") await processFrames(command.job, session);
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
