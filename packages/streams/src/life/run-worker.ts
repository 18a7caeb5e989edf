import {
  noteStep,
  toReason,
  type Log,
  type RunEnd,
  type RunOrder,
  type RungName,
  type RunSummary,
  type RunWatch,
  type StreamFolder,
} from "@upreel/core";
import type { LiveRun } from "../need.ts";
import type { WorkerRun, Workers } from "../ports.ts";
import type { RunEvent } from "./events.ts";

export interface RunWorkerParts {
  readonly folder: StreamFolder;
  readonly workers: Workers;
  readonly send: (event: RunEvent) => void;
  readonly log: Log;
}

/** A run as it is carried out. */
interface Work {
  readonly starting: AbortController;
  handle: WorkerRun | undefined;
  /** Where it was cut before there was a worker that could hear it. */
  endsAt: number | undefined;
  watch: RunWatch | undefined;
  forget: () => void;
}

/** Carries out the runs of one stream in workers, and publishes what they make. */
export function createRunWorkers({ folder, workers, send, log }: RunWorkerParts) {
  const works = new Map<string, Work>();

  /** From its order until no process works for it any more. */
  async function work(order: RunOrder, at: Work): Promise<RunEnd> {
    const { runId: run } = order;
    const { starting } = at;
    try {
      const onProgress: Parameters<Workers["start"]>[1] = (progress) =>
        send({ kind: "run-progress", run, progress });
      const handle = await workers.start(order, onProgress, starting.signal);
      at.handle = handle;
      if (at.endsAt !== undefined) handle.endAt?.(at.endsAt);
      if (starting.signal.aborted) handle.cancel();
      else send({ kind: "run-working", run });
      return await handle.ended;
    } catch (thrown) {
      return starting.signal.aborted ? { why: "cancelled", frames: 0 } : failure(thrown);
    }
  }

  function over(run: string, end: RunEnd, summary: RunSummary = NOTHING): void {
    works.delete(run);
    const { length } = summary.published;
    log.debug(`Run ${run} ended: ${end.why}, ${length} segments of ${end.frames} frames`);
    send({ kind: "run-ended", run, end, summary });
  }

  return {
    async start(order: RunOrder, kind: LiveRun["kind"]): Promise<void> {
      const { runId: run, timeline, fromSegment, toSegment } = order;
      const starting = new AbortController();
      const at: Work = {
        ...{ starting, handle: undefined, endsAt: undefined, watch: undefined },
        forget: () => undefined,
      };
      works.set(run, at);
      noteStep(log, "ordered", { run });
      try {
        at.watch = await folder.watchRun({
          ...{ runId: run, timeline, fromSegment, toSegment },
          replaces: kind === "remake",
          hasSound: hasSound(order),
        });
      } catch (thrown) {
        return over(run, failure(thrown));
      }
      at.forget = folder.onPublished((segment) =>
        send({ kind: "segment-published", run, segment }),
      );
      send({ kind: "run-stopped", run, end: await work(order, at) });
    },
    park: (run: string): void => works.get(run)?.handle?.pause(),
    setRung: (run: string, rung: RungName, fromSegment: number): void =>
      works.get(run)?.handle?.setRung(rung, fromSegment),
    endAt(run: string, segment: number): void {
      const at = works.get(run);
      if (at === undefined) return;
      at.endsAt = segment;
      at.handle?.endAt?.(segment);
    },
    resume: (run: string): void => works.get(run)?.handle?.resume(),
    cancel(run: string): void {
      const { starting, handle } = works.get(run) ?? {};
      starting?.abort();
      handle?.cancel();
    },
    /** Once it has stopped: publishes what it has made as far as `end` lets it. */
    async finish(run: string, end: RunEnd): Promise<void> {
      const { watch, forget } = works.get(run) ?? {};
      try {
        const summary = (await watch?.finish(end)) ?? NOTHING;
        over(run, end, summary);
      } catch (thrown) {
        over(run, failure(thrown));
      } finally {
        forget?.();
      }
    },
  };
}

const NOTHING: RunSummary = { published: [], rejected: [] };

const failure = (thrown: unknown): RunEnd => ({
  ...{ why: "failed", frames: 0, reason: toReason(thrown) },
});

/** Whether each segment has to have sound; copied sound may have a hole where its source has one. */
const hasSound = ({ output: { audio }, fillsHole, encodesSound }: RunOrder): boolean =>
  audio.kind === "aac" || (audio.kind === "copy" && (encodesSound === true || fillsHole !== true));
