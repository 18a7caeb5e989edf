import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { FaceWork, Reason } from "@upreel/core";
import type { FaceCommand, FaceEvent } from "./face-messages.ts";
import type { FrameForm } from "./frame-form.ts";

/** A stage of the frame path that restores faces: one thread, with its networks kept loaded from run to run. */
export interface FaceStage extends AsyncDisposable {
  /** One job at a time. */
  run(job: FaceJob): RunningFaceJob;
}

interface FaceJob {
  readonly form: FrameForm;
  /** What is done with the frames of a rung, by the byte before each frame. */
  readonly works: readonly (FaceWork | undefined)[];
  readonly inputFd: number;
  readonly outputFd: number;
  /** A network cannot be loaded, or failed: told once, and frames pass as they are from there on. */
  readonly onFailed: (reason: Reason) => void;
}

export interface RunningFaceJob {
  /** Settles when the stage touches the pipes no more; never rejects. */
  readonly done: Promise<void>;
  /** How long the encoder let it wait since this was asked last. */
  encoderMs(): number;
  /** Faces that are not begun stay as they are: nobody waits for them. */
  stop(): void;
}

export function createFaceStage(): FaceStage {
  let thread: Worker | undefined;

  function start(): Worker {
    if (thread !== undefined && thread.threadId !== -1) return thread;
    thread = new Worker(new URL("./face-thread.ts", import.meta.url));
    return thread;
  }

  return {
    run({ works, onFailed, ...job }) {
      const shared = new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT);
      const words = new Int32Array(shared);
      const threads = availableParallelism();
      const given = works.map((work) => work ?? null);
      const worker = start();
      const { promise: done, resolve } = Promise.withResolvers<void>();
      const onMessage = (event: FaceEvent): void =>
        event.type === "failed" ? onFailed(event.reason) : resolve();
      const onGone = (): void => resolve();
      worker.on("message", onMessage).on("error", onGone).on("exit", onGone);
      const command: FaceCommand = { type: "run", job: { ...job, works: given, threads, shared } };
      worker.postMessage(command);
      return {
        done: done.finally(() => {
          worker.off("message", onMessage).off("error", onGone).off("exit", onGone);
        }),
        encoderMs: () => Atomics.exchange(words, 0, 0) / 10,
        stop: () => void Atomics.store(words, 1, 1),
      };
    },
    async [Symbol.asyncDispose]() {
      await thread?.terminate();
    },
  };
}
