import {
  requireSameFile,
  toReason,
  toUpreelError,
  type ErrorCode,
  type Reason,
  type RunEnd,
  type Source,
  type Clock,
} from "@upreel/core";
import type { Sources, WorkerProgress, WorkerRun, Workers } from "./ports.ts";

/** How often a source is looked at while a run reads it. */
const LOOK_EVERY_MS = 2_000;

/** What ends a stream: nobody gives back the film that it was made of. */
const FATAL: ReadonlySet<ErrorCode> = new Set([
  "source_changed",
  "source_missing",
  "source_not_a_file",
  "source_outside_roots",
]);

/** Whether a source came to an end, not its disk. */
export const isSourceGone = ({ code }: Pick<Reason, "code">): boolean => FATAL.has(code);

/** Also one that got longer: only its stream can tell whether it begins as before. */
const isOtherNow = (reason: Pick<Reason, "code">): boolean =>
  isSourceGone(reason) || reason.code === "source_growing";

/**
 * Workers that are given no run of a source that cannot be read, or is another one by now; what a run
 * made of such a one counts as made of nothing. A run whose disk does not answer gives up its place.
 */
export function watchSources(workers: Workers, sources: Sources, clock: Clock): Workers {
  return {
    offers: () => workers.offers(),
    isReady: () => workers.isReady(),
    async start(order, onProgress, signal) {
      const { source } = order;
      // A disk may take seconds to say that it does not answer: whoever gives the run up does not wait.
      await unlessAborted(requireReadable(source, sources), signal);
      const started = Promise.withResolvers<WorkerRun>();
      const cancel = (): void => void started.promise.then((run) => run.cancel());
      const watch = watchSource(source, sources, clock, cancel);
      const run = await workers.start(
        order,
        (progress) => {
          watch.look(progress);
          onProgress(progress);
        },
        signal,
      );
      started.resolve(run);
      return { ...run, ended: run.ended.then((end) => watch.judge(end)) };
    },
    [Symbol.asyncDispose]: () => workers[Symbol.asyncDispose](),
  };
}

async function requireReadable(source: Source, sources: Sources): Promise<void> {
  requireSameFile(source, await sources.lookAgain(source));
  await sources.tryToRead(source);
}

async function unlessAborted(done: Promise<void>, signal: AbortSignal): Promise<void> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    await Promise.race([done, aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
    // The one that comes later is nobody's.
    done.catch(() => {});
    aborted.catch(() => {});
  }
}

function watchSource(source: Source, sources: Sources, clock: Clock, cancel: () => void) {
  let found: Reason | undefined;
  let isLooking = false;
  let last = { atMs: clock.nowMs(), frames: -1 };

  const problemNow = async (): Promise<Reason | undefined> => {
    try {
      requireSameFile(source, await sources.lookAgain(source));
      return undefined;
    } catch (thrown) {
      return toReason(toUpreelError(thrown));
    }
  };

  return {
    /** At each sign of life of the run. */
    look({ frames }: WorkerProgress): void {
      const nowMs = clock.nowMs();
      if (isLooking || found !== undefined || nowMs - last.atMs < LOOK_EVERY_MS) return;
      const isStuck = frames === last.frames;
      last = { atMs: nowMs, frames };
      isLooking = true;
      void problemNow().then((problem) => {
        isLooking = false;
        // What does not answer may have been read far ahead: the run goes on as long as it gets on.
        if (problem === undefined || !(isOtherNow(problem) || isStuck)) return;
        found = problem;
        cancel();
      });
    },
    /** What a run's end means in the light of what became of its source. */
    async judge(end: RunEnd): Promise<RunEnd> {
      if (end.why !== "cancelled") found ??= await problemNow();
      if (found === undefined) return end;
      const isOther = isOtherNow(found);
      if (!isOther && end.why === "finished") return end;
      return { why: "failed", frames: isOther ? 0 : end.frames, reason: found };
    },
  };
}
