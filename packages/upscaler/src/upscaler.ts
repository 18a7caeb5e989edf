import { Worker } from "node:worker_threads";
import type { Rung } from "@upreel/core";
import { askThread } from "./ask-thread.ts";
import { fittingThreads } from "./fitting-threads.ts";
import { processFrames, rungsOf, type FrameJob, type RunningFrameJob } from "./frame-job.ts";
import type { ThreadData } from "./frames/thread-messages.ts";

/** Inference threads of one process, with a network kept loaded. */
export interface Upscaler extends AsyncDisposable {
  /** Loads a network in every thread, so that the next job starts at once. */
  load(rung: Rung): Promise<void>;
  /** One job at a time. */
  process(job: FrameJob): RunningFrameJob;
}

/** What is new in a thread's heap are a few small objects a frame: pictures are not in it. Else V8 takes 16 MB and more. */
const YOUNG_MEGABYTES = 2;

/** Starts `threads` inference threads (one frame each at a time). */
export function createUpscaler(options: { readonly threads: number }): Upscaler {
  const deviceLock = new SharedArrayBuffer(4);
  const threads = Array.from(
    { length: options.threads },
    (_, n) =>
      new Worker(new URL("./frames/frame-thread.ts", import.meta.url), {
        workerData: { deviceLock, findsTileRules: n === 0 } satisfies ThreadData,
        resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MEGABYTES },
      }),
  );

  return {
    async load(rung) {
      await Promise.all(threads.map((thread) => askThread(thread, { type: "load", rung })));
    },
    process(job) {
      // What this process holds already are the arenas of earlier runs, which the next one uses.
      const freeBytes = process.availableMemory() + process.memoryUsage.rss();
      const room = { threads: threads.length, freeBytes };
      const fitting = rungsOf(job).map((rung) => fittingThreads(rung, job, room));
      return processFrames(threads.slice(0, Math.min(...fitting)), job);
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(threads.map((thread) => thread.terminate()));
    },
  };
}
