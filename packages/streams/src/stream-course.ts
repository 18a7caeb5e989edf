import {
  toReason,
  toUpreelError,
  type Reason,
  type StreamState,
  type UpreelError,
  type Clock,
  type Log,
  type StreamFolder,
} from "@upreel/core";
import { archiveFilm } from "./archive-film.ts";
import type { createFilmRuns } from "./film-runs.ts";
import { followGrowth } from "./growth/follow-growth.ts";
import { planFilm } from "./plan-film.ts";
import { reviewPlan } from "./review-plan.ts";
import type { Plan, Planner, ProveFilm, Sources } from "./ports.ts";
import type { RecordKeeper } from "./record-keeper.ts";
import type { StreamPhase } from "./stream-phase.ts";

export interface CourseParts {
  readonly record: RecordKeeper;
  readonly folder: StreamFolder;
  readonly runs: ReturnType<typeof createFilmRuns>;
  readonly planner: Planner;
  readonly prove: ProveFilm | undefined;
  readonly sources: Sources;
  /** How often a file that is being written is looked at. */
  readonly lookEveryMs: number;
  /** One that has not grown for so long is whole. */
  readonly growthTimeoutMs: number;
  readonly clock: Clock;
  readonly log: Log;
  readonly onPlanned: (plan: Plan) => void;
  /** The source cannot be read now. */
  readonly onOutage: (reason: Reason) => void;
  /** A step is done: what comes next is to be decided. */
  readonly onStep: () => void;
}

/** The state machine of a stream: from its start over its plan and runs to its archive, or to its failure. */
export function createCourse(
  initial: Extract<StreamPhase, { kind: "resting" }>["state"],
  parts: CourseParts,
) {
  const { record, folder, runs, clock, log, onStep } = parts;
  let phase: StreamPhase = { kind: "resting", state: initial };
  let plan: Plan | undefined;
  let failedAtMs: number | undefined;
  /** Planning, archiving or failing: one at a time. */
  let task: Promise<void> = Promise.resolve();
  /** Of a plan that is provisional, or of a film that is being written; beside all else, never rejects. */
  let review: Promise<void> = Promise.resolve();
  let stopFollowing = (): void => {};

  async function doReview(reviewed: Plan, signal: AbortSignal): Promise<void> {
    const setStep = (step: "planning" | "making"): void => {
      if (phase.kind === "working" && phase.step !== "failing") phase = { ...phase, step };
    };
    const adopt = (final: Plan): void => {
      plan = final;
      setStep("making");
    };
    const leaveFrom = async (k: number): Promise<void> => {
      // Without a plan no run begins.
      plan = undefined;
      setStep("planning");
      if (runs.all().every(({ live }) => live.next < k)) {
        for (const run of runs.all()) run.leaveFrom(k);
        return;
      }
      runs.endAll();
      await runs.settled();
    };
    try {
      await reviewPlan(reviewed, { ...parts, leaveFrom, adopt }, signal);
    } catch (thrown) {
      if (!signal.aborted) fail(thrown);
    }
    if (!signal.aborted) onStep();
  }

  /** Ends with the phase that it began in. */
  async function doFollow(begun: Plan, job: AbortController): Promise<void> {
    const over = new AbortController();
    stopFollowing = () => over.abort();
    const signal = AbortSignal.any([job.signal, over.signal]);
    const adopt = (longer: Plan): void => {
      plan = longer;
      onStep();
    };
    try {
      await followGrowth(begun, { ...parts, adopt }, signal);
    } catch (thrown) {
      if (!signal.aborted) fail(thrown);
    }
    if (!signal.aborted) onStep();
  }

  async function doPlan(job: AbortController): Promise<void> {
    const { signal } = job;
    try {
      plan = await planFilm(parts, signal);
      parts.onPlanned(plan);
      if (phase.kind === "working") phase = { ...phase, step: "making" };
      if (plan.timeline.isProvisional === true) review = doReview(plan, signal);
      if (plan.timeline.growth === "going") review = doFollow(plan, job);
    } catch (thrown) {
      if (!signal.aborted) failToPlan(toUpreelError(thrown));
    }
    if (!signal.aborted) onStep();
  }

  function failToPlan(error: UpreelError): void {
    const mayPass = error.code === "source_unavailable" || error.code === "source_growing";
    if (!mayPass || phase.kind !== "working") return fail(error);
    parts.onOutage(toReason(error));
    phase = { ...phase, step: "unplanned" };
  }

  async function doArchive(signal: AbortSignal): Promise<void> {
    try {
      const path = await archiveFilm(parts, signal);
      await rest("complete");
      log.info(`${record.now.title}: complete, ${path}`);
    } catch (thrown) {
      if (!signal.aborted) fail(thrown);
    }
  }

  async function giveUp(error: Error): Promise<void> {
    await runs.settled();
    await record.rest("failed", toReason(error));
    failedAtMs = clock.nowMs();
    phase = { kind: "resting", state: "failed" };
    onStep();
    await folder.endBroadcast();
  }

  function fail(thrown: unknown): void {
    if (phase.kind !== "working" || phase.step === "failing") return;
    const error = toUpreelError(thrown);
    log.error(`${record.now.title}: ${error.message}`, { error, stream: record.now.id });
    phase = { ...phase, step: "failing" };
    stopFollowing();
    runs.endAll();
    task = giveUp(error);
  }

  async function rest(
    state: Extract<StreamState, "idle" | "complete" | "cancelled" | "paused">,
  ): Promise<void> {
    await record.rest(state, record.lastingReason());
    phase = { kind: "resting", state };
    onStep();
  }

  return {
    get phase(): StreamPhase {
      return phase;
    },
    /** Of the runs; undefined before it is made. */
    get plan(): Plan | undefined {
      return plan;
    },
    /** When it failed last; undefined when it has not. */
    get failedAtMs(): number | undefined {
      return failedAtMs;
    },
    /** Nothing new is to be done: it rests, or is being stopped. */
    get isStopped(): boolean {
      return phase.kind !== "working" || phase.job.signal.aborted;
    },
    start(order: number): void {
      plan = undefined;
      phase = {
        ...{ kind: "working", step: "unplanned", isPaused: false, order },
        job: new AbortController(),
      };
    },
    makePlan(): void {
      if (phase.kind !== "working") return;
      phase = { ...phase, step: "planning" };
      task = doPlan(phase.job);
    },
    archive(): void {
      if (phase.kind !== "working") return;
      phase = { ...phase, step: "archiving" };
      task = doArchive(phase.job.signal);
    },
    setPaused(isPaused: boolean): void {
      if (phase.kind !== "working" || phase.isPaused === isPaused) return;
      phase = { ...phase, isPaused };
      // A restart of the gateway does not go on with it either.
      record.keep({ state: isPaused ? "paused" : "idle" });
      onStep();
    },
    fail,
    rest,
    /** Ends all work; settles when no process of it lives. */
    async stop(): Promise<void> {
      if (phase.kind !== "working") return;
      phase.job.abort();
      runs.endAll();
      for (let seen: Promise<void> | undefined; seen !== task;) {
        seen = task;
        await Promise.all([seen, review, runs.settled()]);
      }
    },
  };
}
