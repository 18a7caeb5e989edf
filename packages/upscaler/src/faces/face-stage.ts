import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { toReason, UpreelError, type FaceWork, type Reason } from "@upreel/core";
import type { FaceCommand, FaceEvent } from "./face-messages.ts";
import type { FrameForm } from "./frame-form.ts";

/** A stage of the frame path that restores faces: one thread, with its networks kept loaded for the next run for a while. */
export interface FaceStage extends AsyncDisposable {
  /** Whether networks may be in memory. */
  isLoaded(): boolean;
  /** One job at a time. */
  run(job: FaceJob): RunningFaceJob;
}

interface FaceJob {
  readonly form: FrameForm;
  /** What is done with the frames of a rung, by the byte before each frame. */
  readonly works: readonly (FaceWork | undefined)[];
  readonly inputFd: number;
  readonly outputFd: number;
  /**
   * A network cannot be loaded, or failed: told once, and frames of the run pass as they are from `frame` on. Where that is
   * undefined the stage itself is gone: no frames pass any more.
   */
  readonly onFailed: (reason: Reason, frame: number | undefined) => void;
}

export interface RunningFaceJob {
  /** Settles when the stage touches the pipes no more; never rejects. */
  readonly done: Promise<void>;
  /** How long the encoder let it wait since this was asked last. */
  encoderMs(): number;
  /** Restores no further faces: nobody waits for them. */
  stop(): void;
}

/** Networks that no run needs for so long go: they take some 340 MB, and loading them takes seconds. */
const IDLE_MS = 60_000;

const THREAD = new URL("./face-thread.ts", import.meta.url);

export function createFaceStage({
  idleMs = IDLE_MS,
  thread: script = THREAD,
}: { readonly idleMs?: number; readonly thread?: URL } = {}): FaceStage {
  let thread: Worker | undefined;
  let isLoaded = false;
  let isAtWork = false;
  let idle: NodeJS.Timeout | undefined;

  function start(): Worker {
    if (thread !== undefined && thread.threadId !== -1) return thread;
    const started = new Worker(script);
    // Without somebody who hears of it, its end while it rests would be that of the process. The next run starts another.
    started
      .on("error", () => undefined)
      .on("exit", () => {
        if (thread === started) isLoaded = false;
      });
    started.on("message", (event: FaceEvent) => {
      // It may answer a rest that was asked for before this run: the run loads them again.
      if (event.type === "rested" && !isAtWork) isLoaded = false;
    });
    thread = started;
    return started;
  }

  function restLater(worker: Worker): void {
    idle = setTimeout(() => {
      const command: FaceCommand = { type: "rest" };
      worker.postMessage(command);
    }, idleMs);
    // A process that has nothing else to do ends.
    idle.unref();
  }

  return {
    isLoaded: () => isLoaded,
    run({ works, onFailed, ...job }) {
      const shared = new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT);
      const words = new Int32Array(shared);
      const threads = availableParallelism();
      const given = works.map((work) => work ?? null);
      clearTimeout(idle);
      const worker = start();
      isLoaded = true;
      isAtWork = true;
      const { promise: done, resolve } = Promise.withResolvers<void>();
      const onMessage = (event: FaceEvent): void => {
        if (event.type === "failed") onFailed(event.reason, event.frame);
        if (event.type === "done") resolve();
      };
      const onGone = (cause: unknown): void => {
        onFailed(toReason(gone(cause)), undefined);
        resolve();
      };
      worker.on("message", onMessage).once("error", onGone).once("exit", resolve);
      const command: FaceCommand = { type: "run", job: { ...job, works: given, threads, shared } };
      worker.postMessage(command);
      return {
        done: done.finally(() => {
          worker.off("message", onMessage).off("error", onGone).off("exit", resolve);
          isAtWork = false;
          restLater(worker);
        }),
        encoderMs: () => Atomics.exchange(words, 0, 0) / 10,
        stop: () => void Atomics.store(words, 1, 1),
      };
    },
    async [Symbol.asyncDispose]() {
      clearTimeout(idle);
      await thread?.terminate();
    },
  };
}

const gone = (cause: unknown): UpreelError =>
  new UpreelError("inference_failed", "The thread that restores faces ended", { cause });
