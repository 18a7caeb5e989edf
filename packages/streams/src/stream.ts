import {
  PRIORITIES,
  segmentCount,
  toNumber,
  toReason,
  toUpreelError,
  type Priority,
  type StreamRecord,
  type StreamState,
  type StreamStatus,
} from "@upreel/core";
import { archiveFilm } from "./archive-film.ts";
import { createAudience } from "./audience.ts";
import { createFilmRuns } from "./film-runs.ts";
import { isWhole, type Gap } from "./gaps.ts";
import { needsOf, type Need } from "./needs.ts";
import { planFilm } from "./plan-film.ts";
import type { Plan, StreamFolder } from "./ports.ts";
import { keepRecord } from "./record-keeper.ts";
import { nextRemake } from "./remakes.ts";
import { createLessons } from "./run-lessons.ts";
import { createRungs } from "./rungs.ts";
import type { Stream, StreamDependencies } from "./stream-api.ts";
import { stateOf, type StreamPhase } from "./stream-phase.ts";
import { streamStatus } from "./stream-status.ts";
import type { ViewerPosition } from "./viewers.ts";

export function createStream(
  initial: StreamRecord,
  folder: StreamFolder,
  deps: StreamDependencies,
): Stream {
  const { clock, log, onNeed } = deps;
  const record = keepRecord(initial, folder, log);
  const audience = createAudience(record, folder, clock);
  const rungs = createRungs(initial.profile.model === "auto");
  let phase: StreamPhase = { kind: "resting", state: initial.state };
  let plan: Plan | undefined;
  /** Without a viewer the film is made from here on. */
  let wanted = 0;
  let failedAtMs: number | undefined;
  let toldState: StreamState = initial.state;
  /** Planning, archiving or failing: one at a time. */
  let task: Promise<void> = Promise.resolve();

  const runs = createFilmRuns({
    ...{ record, folder, rungs, workers: deps.workers, clock, log },
    needOf: ({ order }) => needs().find(({ run }) => run === order.runId),
    onProgress: tell,
    onPublished: () => settleDown(),
    async onEnded(run, outcome) {
      record.keep({});
      if (isStopped()) return;
      await lessons.learn(run, outcome).catch(fail);
      settleDown();
    },
  });
  const lessons = createLessons({ record, folder, rungs, runs, log });

  const isStopped = (): boolean => phase.kind !== "working" || phase.job.signal.aborted;
  const stateNow = (): StreamState => stateOf(phase, runs.all());

  function tell(): void {
    const state = stateNow();
    if (state !== toldState) log.debug(`Stream ${record.now.id}: ${toldState} → ${state}`);
    toldState = state;
    deps.onChange(status());
  }

  const status = (): StreamStatus =>
    streamStatus({
      record: record.now,
      state: stateNow(),
      ready: folder.ready,
      runs: runs.all(),
      playheads: audience.positions().map(({ seconds }) => seconds),
      viewers: audience.count(),
      speeds: rungs.speeds,
    });

  /** What a better rung may make again, as far as these viewers let it. */
  function remakeBeside(watching: readonly ViewerPosition[]): Gap | undefined {
    const { timeline, made } = record.now;
    if (!deps.remakes || timeline === undefined || !lessons.canRemake()) return undefined;
    return nextRemake(made, timeline, watching, rungs.isLower);
  }

  function needs(): Need[] {
    if (phase.kind !== "working" || phase.isPaused || phase.job.signal.aborted) return [];
    if (phase.step === "archiving" || phase.step === "failing") return [];
    const timeline = plan === undefined ? undefined : record.now.timeline;
    const watching = audience.positions();
    const speed = rungs.speeds[rungs.levelFor(true)] ?? 0;
    return needsOf({
      ...{ stream: record.now.id, order: phase.order, priority: record.now.priority, timeline },
      isPlanning: phase.step === "planning",
      ready: folder.ready,
      viewers: watching,
      isViewerExpected: audience.isExpected(),
      runs: runs.all().map(({ live }) => live),
      expectedFps: timeline === undefined ? 0 : speed * toNumber(timeline.rate),
      wanted,
      remakes: remakeBeside(watching),
    });
  }

  /** After a step: a film that has all it can get is archived, else places are given anew. */
  function settleDown(): void {
    if (phase.kind === "working" && !phase.isPaused && !isStopped() && isDone()) {
      phase = { ...phase, step: "archiving" };
      task = archive(phase.job.signal);
    }
    onNeed();
    tell();
  }

  function isDone(): boolean {
    const { timeline } = record.now;
    return (
      phase.kind === "working" &&
      phase.step === "making" &&
      timeline !== undefined &&
      runs.all().length === 0 &&
      isWhole(folder.ready, timeline) &&
      // Somebody may be in the way of making it better: then it waits until he is gone.
      remakeBeside([]) === undefined
    );
  }

  async function makePlan(signal: AbortSignal): Promise<void> {
    try {
      plan = await planFilm(record, folder, deps.planner, signal);
      rungs.set(plan.ladder);
      if (phase.kind === "working") phase = { ...phase, step: "making" };
    } catch (thrown) {
      if (!signal.aborted) fail(thrown);
    }
    if (!signal.aborted) settleDown();
  }

  async function archive(signal: AbortSignal): Promise<void> {
    try {
      const path = await archiveFilm(record, folder, signal);
      await settle("complete");
      log.info(`${record.now.title}: whole, ${path}`);
    } catch (thrown) {
      if (!signal.aborted) fail(thrown);
    }
  }

  async function settle(state: "idle" | "complete" | "cancelled" | "paused"): Promise<void> {
    await record.rest(state, record.lastingReason());
    phase = { kind: "resting", state };
    tell();
    onNeed();
  }

  function fail(thrown: unknown): void {
    if (phase.kind !== "working" || phase.step === "failing") return;
    const error = toUpreelError(thrown);
    log.error(`${record.now.title}: ${error.message}`, { error, stream: record.now.id });
    phase = { ...phase, step: "failing" };
    runs.endAll();
    const giveUp = async (): Promise<void> => {
      await runs.settled();
      await record.rest("failed", toReason(error));
      failedAtMs = clock.nowMs();
      phase = { kind: "resting", state: "failed" };
      tell();
      await folder.endBroadcast();
      onNeed();
    };
    task = giveUp();
  }

  function begin(need: Need): void {
    if (phase.kind !== "working") return;
    if (need.kind === "plan") {
      phase = { ...phase, step: "planning" };
      task = makePlan(phase.job.signal);
    } else if (plan !== undefined && !runs.isBlocked(need)) runs.begin(need, plan);
  }

  return {
    id: initial.id,
    get record() {
      return record.now;
    },
    folder,
    audience,
    get state() {
      return stateNow();
    },
    get isWorking() {
      return phase.kind === "working" && phase.step !== "failing";
    },
    get failedAtMs() {
      return failedAtMs;
    },
    runs: runs.all,
    status,
    start(order, broadcastStartedAtMs = record.now.broadcastStartedAtMs) {
      record.begin(broadcastStartedAtMs);
      if (record.now.priority === "viewer") audience.expect(broadcastStartedAtMs);
      plan = undefined;
      lessons.forget();
      phase = {
        ...{ kind: "working", step: "unplanned", isPaused: false, order },
        job: new AbortController(),
      };
      tell();
    },
    needs,
    giveUpPlaces(kept) {
      for (const run of runs.all()) {
        const { id, phase: at } = run.live;
        if (at === "working" && !kept.has(id)) run.park();
      }
    },
    take(given) {
      for (const need of given) {
        if (need.run !== undefined) runs.find(need.run)?.resume();
        else if (!need.isAtWork) begin(need);
      }
      if (stateNow() !== toldState) tell();
    },
    look: settleDown,
    async stop() {
      if (phase.kind !== "working") return;
      phase.job.abort();
      runs.endAll();
      for (let seen: Promise<void> | undefined; seen !== task;) {
        seen = task;
        await Promise.all([seen, runs.settled()]);
      }
    },
    rest: settle,
    setPaused(isPaused) {
      if (phase.kind !== "working" || phase.isPaused === isPaused) return;
      phase = { ...phase, isPaused };
      // A restart of the gateway does not go on with it either.
      record.keep({ state: isPaused ? "paused" : "idle" });
      settleDown();
    },
    expectViewer() {
      audience.expect(clock.nowMs());
      settleDown();
    },
    raisePriority(priority: Priority) {
      const isHigher = PRIORITIES.indexOf(priority) < PRIORITIES.indexOf(record.now.priority);
      if (isHigher) record.keep({ priority });
    },
    demote() {
      audience.expectNobody();
      record.keep({ priority: "background" });
      settleDown();
    },
    reportPlayhead(viewer, seconds, isPaused) {
      audience.report(viewer, seconds, isPaused);
      settleDown();
    },
    noteAsked(k, client) {
      const { timeline } = record.now;
      if (timeline !== undefined && k >= segmentCount(timeline)) return;
      audience.noteAsked(client, k);
      wanted = k;
      onNeed();
    },
  };
}
