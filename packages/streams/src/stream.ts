import {
  PRIORITIES,
  segmentCount,
  toNumber,
  type Priority,
  type StreamRecord,
  type StreamState,
  type StreamView,
  type StreamFolder,
} from "@upreel/core";
import { createAudience } from "./audience.ts";
import { createFilmRuns } from "./film-runs.ts";
import { isWhole, type Gap } from "./gaps.ts";
import { needsOf, type Need } from "./needs.ts";
import { createOutage } from "./outage.ts";
import { keepRecord } from "./record-keeper.ts";
import { nextRemake } from "./remakes.ts";
import { applyLessons } from "./apply-lessons.ts";
import { forgetRuns } from "./run-lessons.ts";
import { createRungs } from "./rungs.ts";
import type { Stream, StreamDependencies } from "./stream-api.ts";
import { createCourse } from "./stream-course.ts";
import { stateOf } from "./stream-phase.ts";
import { keepStatus } from "./keep-status.ts";
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
  const outage = createOutage(record, clock, log);
  const rungs = createRungs(initial.profile.model === "auto", clock);
  /** The segment that was asked for last: without a viewer the film is made from there on. */
  let wanted = 0;
  /** Set while the stream is only prepared: where playing would begin, in seconds. */
  let preparedFrom: number | undefined;
  let toldState: StreamState = initial.state;

  const runs = createFilmRuns({
    ...{ record, folder, rungs, workers: deps.workers, clock, log },
    needOf: ({ order }) => needs().find(({ run }) => run === order.runId),
    onProgress: tell,
    onSpeed: deps.onSpeed,
    onPublished() {
      outage.end();
      settleDown();
    },
    async onEnded(run, outcome) {
      record.keep({});
      if (course.isStopped) return;
      await applyLessons(run, outcome, lessonParts).catch(course.fail);
      settleDown();
    },
  });
  const lessonParts = { record, folder, rungs, runs, outage, log };

  const course = createCourse(initial.state, {
    ...{ record, folder, runs, planner: deps.planner, prove: deps.prove, clock, log },
    ...{ sources: deps.sources, lookEveryMs: deps.lookEveryMs },
    growthTimeoutMs: deps.growthTimeoutMs,
    onPlanned({ ladder }) {
      outage.end();
      rungs.set(ladder);
    },
    onOutage: outage.begin,
    onStep: () => settleDown(),
  });
  const stateNow = (): StreamState => stateOf(course.phase, runs.all(), isFollowing());
  /** Nothing is to be made before the film has grown. */
  function isFollowing(): boolean {
    const { timeline } = record.now;
    return timeline?.growth === "going" && isWhole(folder.ready, timeline);
  }

  function tell(): void {
    const state = stateNow();
    if (state !== toldState) log.debug(`Stream ${record.now.id}: ${toldState} → ${state}`);
    toldState = state;
    deps.onChange(status());
  }

  /** A resting stream that nobody watches keeps its status until something changes. */
  const restingStatus = keepStatus();
  const status = (): StreamView => {
    const seen = {
      record: record.now,
      state: stateNow(),
      ready: folder.ready,
      runs: runs.all(),
      viewers: audience.count(),
    };
    return restingStatus(seen, course.phase.kind === "resting", () =>
      streamStatus({
        ...seen,
        playheads: audience.positions().map(({ seconds }) => seconds),
        speeds: rungs.networkSpeeds,
      }),
    );
  };

  /** What a better rung may make again, as far as these viewers and the live playlist let it. */
  function remakeBeside(
    watching: readonly ViewerPosition[],
    isOnAir?: (k: number) => boolean,
  ): Gap | undefined {
    const { timeline, made } = record.now;
    if (!deps.remakes || timeline === undefined || !runs.lessons.canRemake) return undefined;
    const at = runs.all().find(({ live }) => live.kind === "remake" && live.phase !== "ending");
    const { isLower } = rungs;
    const going = at?.live.next;
    return nextRemake({ made, timeline, viewers: watching, isLower, isOnAir, going });
  }

  function needs(): Need[] {
    const { phase, plan } = course;
    if (phase.kind !== "working" || phase.isPaused || course.isStopped) return [];
    if (phase.step === "archiving" || phase.step === "failing" || outage.isOn) return [];
    const timeline = plan === undefined ? undefined : record.now.timeline;
    const watching = audience.positions();
    const speed = rungs.speeds[rungs.levelFor(true)] ?? 0;
    return needsOf({
      ...{ stream: record.now.id, order: phase.order, priority: record.now.priority, timeline },
      isPlanning: phase.step === "planning",
      ready: folder.ready,
      viewers: watching,
      isViewerExpected: audience.isExpected(),
      expectedSeconds: audience.expectedSeconds,
      runs: runs.all().map(({ live }) => live),
      expectedFps: timeline === undefined ? 0 : speed * toNumber(timeline.rate),
      wanted,
      remakes: remakeBeside(watching, (k) => folder.isOnAir(k)),
      preparedFrom,
    });
  }

  /** After a step: a film whose segments are all made is archived, else places are given anew. */
  function settleDown(): void {
    if (isDone()) course.archive();
    onNeed();
    tell();
  }

  function isDone(): boolean {
    const { phase } = course;
    const { timeline } = record.now;
    if (phase.kind !== "working" || phase.isPaused || course.isStopped) return false;
    return (
      preparedFrom === undefined &&
      phase.step === "making" &&
      timeline !== undefined &&
      // The timeline is final, and every segment is there.
      timeline.isProvisional !== true &&
      timeline.growth !== "going" &&
      runs.all().length === 0 &&
      isWhole(folder.ready, timeline) &&
      // A viewer may hold up a remake by a better model: the archive waits until the viewer is gone.
      remakeBeside([]) === undefined
    );
  }

  function begin(need: Need): void {
    const { plan } = course;
    if (need.kind === "plan") course.makePlan();
    else if (plan !== undefined && !runs.isBlocked(need)) runs.begin(need, plan);
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
      const { phase } = course;
      return phase.kind === "working" && phase.step !== "failing";
    },
    get failedAtMs() {
      return course.failedAtMs;
    },
    runs: runs.all,
    status,
    start(order, broadcastStartedAtMs = record.now.broadcastStartedAtMs) {
      record.begin(broadcastStartedAtMs);
      if (record.now.priority === "viewer") audience.expect(broadcastStartedAtMs);
      runs.lessons = forgetRuns(runs.lessons);
      course.start(order);
      tell();
    },
    get isPrepared() {
      return record.now.prepared === true;
    },
    prepareFrom(seconds) {
      preparedFrom = seconds;
      onNeed();
    },
    play(broadcastStartedAtMs) {
      preparedFrom = undefined;
      record.keep({ prepared: false, broadcastStartedAtMs });
      settleDown();
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
    look() {
      if (isDone()) settleDown();
    },
    stop: () => course.stop(),
    rest: course.rest,
    setPaused: (isPaused) => course.setPaused(isPaused),
    expectViewer() {
      audience.expect(clock.nowMs());
      if (isDone()) return settleDown();
      deps.onWanted();
      tell();
    },
    async renewBroadcast() {
      const { timeline } = record.now;
      if (!folder.isBroadcastOver || timeline === undefined) return;
      if (isWhole(folder.ready, timeline)) return;
      const nowMs = clock.nowMs();
      record.keep({ broadcastStartedAtMs: nowMs });
      await folder.restartBroadcast(nowMs);
    },
    async setPinned(isPinned) {
      await record.save({ pinned: isPinned });
      tell();
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
    reportPlayhead(viewer, seconds, isPaused, plays) {
      audience.report(viewer, seconds, isPaused, plays);
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
