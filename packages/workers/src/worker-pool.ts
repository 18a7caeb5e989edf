import {
  toReason,
  type Log,
  type Offer,
  type Reason,
  type RunEnd,
  type RunResolvers,
  type Rung,
  type RungMeasurement,
} from "@upreel/core";
import type { Workers } from "@upreel/streams";
import { resolveOrder } from "./resolve-order.ts";
import { createSpareWorker, type SpareOptions } from "./spare-worker.ts";
import type { ProcessRun } from "./process-runs.ts";

/** After a cancel the worker has this long to end its run before it is killed. */
const CANCEL_MS = 5_000;

/** Where HDR becomes SDR on this machine. */
export interface ToneMapping {
  /** The Vulkan device for the next run, by its place in ffmpeg's list; undefined: the processor. */
  device(): number | undefined;
  /** A run on that device has failed: the next one should do without. */
  giveUp(reason: Reason): void;
}

export interface WorkerPoolOptions extends SpareOptions {
  /** What the names of an order are on this machine. */
  readonly resolvers: RunResolvers;
  /** The places of this machine, and what is known of them now. */
  readonly offers: () => readonly Offer[];
  /** Default: on the processor. */
  readonly toneMapping?: ToneMapping | undefined;
}

export interface WorkerPool extends Workers {
  start(...order: Parameters<Workers["start"]>): Promise<ProcessRun>;
  /** What the spare worker keeps loaded. */
  readonly warmRung: Rung | undefined;
  /** How fast networks are, as the spare worker sees it in some hundredths of a second each. */
  look(rungs: readonly Rung[]): Promise<readonly RungMeasurement[]>;
  /** What the next run begins with, as far as can be told; else that of the last run. */
  expectRung(rung: Rung): Promise<void>;
  /** A network that the spare worker has whatever runs begin with, now and from now on; undefined: none. */
  keepWarm(rung: Rung | undefined): Promise<void>;
}

/**
 * Workers for runs, one process each, with one spare kept warm so that the next stream starts at once.
 * A worker that ended its run well is used again.
 */
export function createWorkers(log: Log, options: WorkerPoolOptions): WorkerPool {
  const spare = createSpareWorker(log, options);
  return {
    get warmRung() {
      return spare.warmRung;
    },
    offers: options.offers,
    isReady: () => spare.isReady(),
    look: (rungs) => spare.look(rungs),
    expectRung: (rung) => spare.expectRung(rung),
    keepWarm: (rung) => spare.keepWarm(rung),
    async start(order, onProgress, signal) {
      const { run, folder } = await resolveOrder(order, options.resolvers, signal);
      const isHdr = run.source.video.hdr !== undefined;
      const toneMapDevice = isHdr ? options.toneMapping?.device() : undefined;
      const resolved = toneMapDevice === undefined ? run : { ...run, toneMapDevice };
      // A seek begins with it, and so does the next film of this size.
      if (resolved.rung.model.kind !== "copy") spare.noteRung(resolved.rung);
      const worker = await spare.take().catch(async (thrown: unknown) => {
        await folder.close();
        throw thrown;
      });
      if (signal.aborted) {
        spare.giveBack(worker);
        await folder.close();
        signal.throwIfAborted();
      }
      let isOver = false;
      let deadline: NodeJS.Timeout | undefined;
      /** Asks the worker to end its run, and kills it when it does not. */
      const cancel = (): void => {
        if (isOver) return;
        worker.cancel(order.runId);
        deadline ??= setTimeout(() => {
          log.error(
            `Worker ${worker.pid} did not end its run in ${CANCEL_MS / 1_000} s: it is killed`,
          );
          worker.kill();
        }, CANCEL_MS);
      };
      // Opening a film on a disk that does not answer may last for ever.
      signal.addEventListener("abort", cancel, { once: true });
      const begun = await worker.start(resolved, (progress) => {
        // A viewer who jumps needs the next one; starting it takes a second of a core, which the
        // first segment must not wait for. Its last frames leave the encoder during the second one.
        if (progress.frames > 1.5 * order.timeline.framesPerSegment) spare.refill();
        onProgress(progress);
      });
      signal.removeEventListener("abort", cancel);
      const ended = begun.ended.then(async (end) => {
        isOver = true;
        clearTimeout(deadline);
        if (toneMapDevice !== undefined && hasLostDecoder(end))
          options.toneMapping?.giveUp(end.reason);
        // When its decoder or encoder was killed, it is as good as before: a new one would have to load all.
        const isSound = end.why !== "failed" || (end.wasKilled === true && worker.isAlive);
        if (!isSound) {
          // What broke in it may be broken still: a dead thread, a network that ate the memory.
          worker.kill();
          await worker.exited;
          spare.refill();
        } else spare.giveBack(worker);
        return await afterClosing(end, () => folder.close());
      });
      return { ...begun, ended, cancel };
    },
    [Symbol.asyncDispose]: () => spare[Symbol.asyncDispose](),
  };
}

/** By itself, as where a GPU or its driver gives up. */
const hasLostDecoder = (end: RunEnd): end is RunEnd & { readonly why: "failed" } =>
  end.why === "failed" && end.reason.code === "decoder_failed" && end.wasKilled !== true;

/** A run whose segments did not all reach its stream has failed, whatever its worker says. */
const afterClosing = (end: RunEnd, close: () => Promise<void>): Promise<RunEnd> =>
  close().then(
    () => end,
    (thrown: unknown) => ({ why: "failed", frames: end.frames, reason: toReason(thrown) }),
  );
