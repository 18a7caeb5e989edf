import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { UpreelError, type ErrorCode, type Rung } from "@upreel/core";
import * as control from "./frames/frame-control.ts";
import { fittingThreads } from "./fitting-threads.ts";
import { frameLayout } from "./frames/frame-layout.ts";
import type {
  ThreadCommand,
  ThreadData,
  ThreadEvent,
  ThreadJob,
} from "./frames/thread-messages.ts";

export interface FrameJob {
  readonly rung: Rung;
  /** Size of the frames that the decoder gives. */
  readonly width: number;
  readonly height: number;
  /** Frames to give to the encoder. */
  readonly frames: number;
  /** Infer each picture whole, whatever it has in common with the one before: to measure by. */
  readonly inferAll?: boolean;
  readonly inputFd: number;
  readonly outputFd: number;
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
  /** Stops reading; the decoder then waits in its pipe. */
  pause(): void;
  resume(): void;
  /** Threads leave at their next step; one that is inside a pipe leaves when that pipe's peer dies. */
  stop(): void;
}

/** Inference threads of one process, with a network kept loaded. */
export interface Upscaler extends AsyncDisposable {
  /** Loads a network in every thread, so that the next job starts at once. */
  load(rung: Rung): Promise<void>;
  /** One job at a time. */
  process(job: FrameJob): RunningFrameJob;
}

/** Starts `threads` inference threads (one frame each at a time). */
export function createUpscaler(options: { readonly threads: number }): Upscaler {
  const workerData: ThreadData = { deviceLock: new SharedArrayBuffer(4) };
  const threads = Array.from(
    { length: options.threads },
    () => new Worker(new URL("./frames/frame-thread.ts", import.meta.url), { workerData }),
  );

  return {
    async load(rung) {
      await Promise.all(threads.map((thread) => ask(thread, { type: "load", rung })));
    },
    process(job) {
      // What this process holds already are the arenas of earlier runs, which the next one uses.
      const freeBytes = process.availableMemory() + process.memoryUsage.rss();
      const room = { threads: threads.length, freeBytes };
      return processFrames(threads.slice(0, fittingThreads(job.rung, job, room)), job);
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(threads.map((thread) => thread.terminate()));
    },
  };
}

const FAILURE_CODES = {
  load: "model_unusable",
  read: "decoder_failed",
  infer: "inference_failed",
  write: "encoder_failed",
} as const satisfies Record<string, ErrorCode>;

const FAILURE_TEXTS = {
  load: "The network could not be loaded",
  read: "The decoder's frames could not be read",
  infer: "The network failed on a frame",
  write: "The encoder stopped taking frames",
} as const;

function toError({
  stage,
  reason,
  message,
}: Extract<ThreadEvent, { type: "failed" }>): UpreelError {
  if (reason !== undefined) return new UpreelError(reason.code, reason.message, reason);
  return new UpreelError(FAILURE_CODES[stage], FAILURE_TEXTS[stage], { got: message });
}

const threadDied = (cause: unknown): UpreelError =>
  new UpreelError("inference_failed", "An inference thread died", {
    ...(cause instanceof Error ? { got: cause.message } : {}),
    cause,
  });

/** Sends a command and settles with its answer; rejects with the thread's failure or death. */
async function ask(
  thread: Worker,
  command: ThreadCommand,
  onInputEnded: (frame: number) => void = () => {},
): Promise<void> {
  // It would never answer.
  if (thread.threadId === -1) throw threadDied(undefined);
  const answered = new AbortController();
  const { signal } = answered;
  try {
    thread.postMessage(command);
    const died = once(thread, "exit", { signal }).then(
      () => Promise.reject(threadDied(undefined)),
      (cause: unknown) => Promise.reject(threadDied(cause)),
    );
    const answer = new Promise<void>((resolve, reject) => {
      const onMessage = (event: ThreadEvent): void => {
        if (event.type !== "input-ended" && event.command !== command.type) return;
        switch (event.type) {
          case "input-ended":
            onInputEnded(event.frame);
            return;
          case "failed":
            reject(toError(event));
            return;
          case "done":
            resolve();
            return;
        }
      };
      thread.on("message", onMessage);
      signal.addEventListener("abort", () => thread.off("message", onMessage), { once: true });
    });
    await Promise.race([answer, died]);
  } finally {
    answered.abort();
  }
}

function processFrames(threads: readonly Worker[], job: FrameJob): RunningFrameJob {
  const layout = frameLayout(job.rung.model, job.width, job.height);
  const shared = control.createFrameControl();
  // One for each thread, the frame before the first of those, and that one's.
  const slots = threads.length + 2;
  const threadJob: ThreadJob = {
    rung: job.rung,
    width: job.width,
    height: job.height,
    frames: job.frames,
    inferAll: job.inferAll ?? false,
    inputFd: job.inputFd,
    outputFd: job.outputFd,
    control: shared.shared,
    inputs: new SharedArrayBuffer(slots * layout.slotBytes),
    slots,
    lastResult: new SharedArrayBuffer(layout.resultBytes),
  };
  let endedAt: number | undefined;

  const onInputEnded = (frame: number): void => {
    endedAt = frame;
    job.onInputEnded(frame).then(
      (verdict) => control.giveVerdict(shared, verdict),
      () => control.giveVerdict(shared, "stop"),
    );
  };

  const run = async (): Promise<FrameJobResult> => {
    const results = await Promise.allSettled(
      threads.map(async (thread) => {
        try {
          await ask(thread, { type: "process", job: threadJob }, onInputEnded);
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
    pause: () => control.pause(shared),
    resume: () => control.resume(shared),
    stop: () => control.stop(shared),
  };
}
