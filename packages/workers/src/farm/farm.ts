import {
  isElsewhere,
  UpreelError,
  workerOfMachine,
  type Log,
  type Offer,
  type SegmentSink,
  type SourceRef,
  type WorkerLimits,
} from "@upreel/core";
import type { Workers } from "@upreel/streams";
import type { FarmLink } from "./farm-link.ts";
import { createSpeedMemory, type SpeedMemory } from "./speed-memory.ts";
import { seeWorker, type MayWork, type SeenWorker } from "./see-worker.ts";
import { openSession, type Session } from "./session.ts";
import { watchForLoss } from "./watch-for-loss.ts";

/** A network may be fetched first, of hundreds of megabytes. */
const BEGIN_MS = 300_000;

export interface FarmParts {
  readonly log: Log;
  readonly segments: Pick<SegmentSink, "accept">;
  /** Milliseconds that only ever grow. */
  readonly nowMs: () => number;
  /** Whether a machine is to get work, whoever uses it. */
  readonly mayWork: (name: string) => Exclude<MayWork, "in_use">;
  readonly limitsOf: (name: string) => WorkerLimits;
  /** A machine came, or went. */
  readonly onPresence: (name: string, isHere: boolean) => void;
}

/** The other machines: who is here, what they offer, and the runs that they have. */
export interface Farm extends Pick<Workers, "offers" | "start">, Disposable {
  /** A machine whose key was found good. One that is here already is lost by that. */
  join(name: string, link: FarmLink): void;
  /** Takes a segment. Throws `segment_not_found` for a run that it does not have, and what the segment lacks. */
  accept(name: string, runId: string, segment: number, bytes: Uint8Array): Promise<void>;
  /** Whether `accept` would look at it, before its bytes are read. */
  requireRun(name: string, runId: string, segment: number): void;
  /** The film that a token opens, and for whom; undefined: none, or not any more. */
  sourceOf(token: string): { readonly worker: string; readonly source: SourceRef } | undefined;
  see(name: string): SeenWorker;
  /** Segments that were refused since the start: the run was over, and its machine did not know, as after a silence. */
  late(): number;
  close(name: string, why: string): void;
  /** Frames a second that came from a machine, by model and size. */
  readonly speeds: Pick<SpeedMemory, "of">;
}

export function createFarm(parts: FarmParts): Farm {
  const { log, segments, nowMs, limitsOf, onPresence } = parts;
  const sessions = new Map<string, Session>();
  const speeds = createSpeedMemory(nowMs);
  const watch = watchForLoss(sessions, nowMs);
  const mayWork = (name: string): MayWork => {
    const isInUse =
      limitsOf(name).whileInUse === false && sessions.get(name)?.seen.isInUse === true;
    const asked = parts.mayWork(name);
    return asked === "yes" && isInUse ? "in_use" : asked;
  };

  let late = 0;
  function requireRun(name: string, runId: string, segment: number): ReturnType<typeof findRun> {
    const session = sessions.get(name);
    if (session?.runs.has(runId) !== true) late += 1;
    return findRun(session, runId, segment);
  }

  return {
    speeds,
    join(name, link) {
      sessions.get(name)?.close("the same worker joined again");
      const session = openSession({
        ...{ name, link, log, nowMs },
        onClosed() {
          if (sessions.get(name) === session) {
            sessions.delete(name);
            onPresence(name, false);
          }
          watch();
          log.info(`Worker ${name} is gone`);
        },
      });
      sessions.set(name, session);
      onPresence(name, true);
      watch();
    },
    late: () => late,
    requireRun: (name, ...named) => void requireRun(name, ...named),
    async accept(name, runId, segment, bytes) {
      const { session, run } = requireRun(name, runId, segment);
      const { streamId } = run.order;
      let refusal: unknown;
      try {
        await segments.accept({ streamId, runId }, segment, bytes);
        speeds.note(session.machine, run.order, segment);
      } catch (thrown) {
        // Ended while it was looked at, its folder is gone: no fault of the machine, which is to hear that nobody wants it.
        findRun(session, runId, segment);
        refusal = thrown;
        throw thrown;
      } finally {
        if (session.runs.has(runId)) session.judged(run, segment, bytes.length, refusal);
        // What it began is ended with the segment.
        if (mayWork(name) !== "yes") run.takeBack("it is to rest");
      }
    },
    sourceOf(token) {
      for (const session of sessions.values()) {
        const source = session.sourceOf(token);
        if (source !== undefined) return { worker: session.name, source };
      }
      return undefined;
    },
    offers: () =>
      [...sessions.values()].flatMap((session): readonly Offer[] =>
        mayWork(session.name) === "yes" ? limited(session.offers(), limitsOf(session.name)) : [],
      ),
    async start(order, onProgress, signal) {
      const session = sessions.get(workerOfMachine(order.machine) ?? "");
      if (session === undefined) {
        throw new UpreelError("worker_lost", `${order.machine ?? "the worker"} is gone`, {
          expected: "a worker that is here",
        });
      }
      signal.throwIfAborted();
      const run = session.start(order, onProgress);
      const { handle } = run;
      const cancel = (): void => handle.cancel();
      signal.addEventListener("abort", cancel, { once: true });
      // It beats, and does nothing.
      const deadline = setTimeout(
        () => run.lose(`it did not begin in ${BEGIN_MS / 1_000} s`),
        BEGIN_MS,
      );
      await run.working;
      clearTimeout(deadline);
      signal.removeEventListener("abort", cancel);
      return handle;
    },
    see: (name) => seeWorker(name, sessions.get(name), mayWork(name), limitsOf(name)),
    close: (name, why) => sessions.get(name)?.close(why),
    [Symbol.dispose]() {
      for (const session of sessions.values()) session.close("the gateway ends");
    },
  };
}

const limited = (offers: readonly Offer[], { streams, weight }: WorkerLimits): readonly Offer[] =>
  offers.slice(0, streams).map((offer) => ({ ...offer, weight }));

/** A run of that machine which has this segment. Throws `segment_not_found`. */
function findRun(session: Session | undefined, runId: string, segment: number) {
  const run = session?.runs.get(runId);
  if (session === undefined || run === undefined) {
    throw new UpreelError("segment_not_found", "This run is not, or no longer, this worker's", {
      expected: "a run that the gateway gave to it and that goes on",
      got: runId.slice(0, 80),
    });
  }
  const { fromSegment, toSegment } = run.order;
  if (segment >= fromSegment && segment < toSegment) return { session, run };
  throw new UpreelError("segment_not_found", "This segment is not part of the run", {
    expected: `${fromSegment} to ${toSegment - 1}`,
    got: `${segment}`,
  });
}

/** Places here and on other machines as one; `plansOnly`: the other machines alone make films. */
export const withFarm = (
  local: Workers,
  farm: Farm,
  { plansOnly }: { readonly plansOnly: boolean },
): Workers => ({
  offers: () => [...local.offers().map((offer) => ({ ...offer, plansOnly })), ...farm.offers()],
  isReady: () => local.isReady(),
  start: (order, ...rest) =>
    isElsewhere(order.machine) ? farm.start(order, ...rest) : local.start(order, ...rest),
  async [Symbol.asyncDispose]() {
    farm[Symbol.dispose]();
    await local[Symbol.asyncDispose]();
  },
});
