import { toUpreelError } from "@upreel/core";
import type { InVain } from "../in-vain.ts";
import type { SpeedNotes, Workers } from "../ports.ts";
import type { Effect, Notice } from "./effects.ts";
import type { StateEvent } from "./events.ts";
import {
  archiveJob,
  followJob,
  ladderJob,
  planJob,
  regrowJob,
  reviewJob,
  type Job,
  type JobParts,
} from "./jobs.ts";
import { createRecordWriter } from "./record-writer.ts";
import { createRunWorkers } from "./run-worker.ts";
import type { State } from "./state.ts";

export interface CarryOutParts extends JobParts {
  readonly workers: Workers;
  readonly onSpeed: SpeedNotes["note"];
  readonly onInVain: (frames: InVain) => void;
  readonly now: () => State;
  /** What comes of an effect. */
  readonly send: (event: StateEvent) => void;
  readonly onNotice: (kind: Notice["kind"]) => void;
}

/** Does what a stream decides, and sends what comes of it. */
export function createEffects(parts: CarryOutParts) {
  const { folder, log, now } = parts;
  /** What is under way; none of it rejects. */
  const underway = new Set<Promise<void>>();
  const writer = createRecordWriter(parts);
  const runs = createRunWorkers(parts);
  let jobs = new AbortController();

  function track(work: Promise<void>): void {
    const done: Promise<void> = work
      .catch((error: unknown) => log.error(`${now().record.title}: a step failed`, { error }))
      .finally(() => underway.delete(done));
    underway.add(done);
  }

  const start = (job: Job): void => track(doJob(job, parts, jobs.signal));

  return {
    carryOut(effect: Effect): void {
      switch (effect.kind) {
        case "log":
          return log[effect.level](effect.message, { ...effect.details });
        case "save":
          return track(writer.save(effect.answer));
        case "commit":
          return track(writer.commit(effect));
        case "plan":
          return start(planJob);
        case "review":
          return start(reviewJob(effect.plan));
        case "ladder":
          return start(ladderJob(effect.plan));
        case "regrow":
          return start(regrowJob(effect.plan));
        case "follow":
          return start(followJob(effect.plan));
        case "archive":
          return start(archiveJob);
        case "abort-jobs":
          jobs.abort();
          jobs = new AbortController();
          return;
        case "start-run":
          return track(runs.start(effect.order, effect.as));
        case "park-run":
          return runs.park(effect.run);
        case "resume-run":
          return runs.resume(effect.run);
        case "cancel-run":
          return runs.cancel(effect.run);
        case "set-rung":
          return runs.setRung(effect.run, effect.rung, effect.fromSegment);
        case "cut-run":
          return runs.endAt(effect.run, effect.segment);
        case "finish-run":
          return track(runs.finish(effect.run, effect.end));
        case "end-broadcast":
          return track(folder.endBroadcast());
        case "note-speed":
          return parts.onSpeed(effect.rung, effect.output, effect.fps);
        case "note-in-vain":
          return parts.onInVain(effect.frames);
        case "need-places":
        case "want-place":
        case "tell":
          return parts.onNotice(effect.kind);
      }
    },
    /** When nothing is under way, nor follows from what was. */
    async settled(): Promise<void> {
      while (underway.size > 0) await Promise.all(underway);
    },
  };
}

async function doJob(job: Job, parts: CarryOutParts, signal: AbortSignal): Promise<void> {
  const { now, send } = parts;
  const { life } = now();
  try {
    const answer = await job(now(), parts, signal, send);
    if (answer !== undefined) send(answer);
  } catch (thrown) {
    if (!signal.aborted) send({ kind: "failed", life, error: toUpreelError(thrown) });
  }
}
