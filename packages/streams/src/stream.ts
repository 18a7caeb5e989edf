import { randomBytes } from "node:crypto";
import {
  PRIORITIES,
  UpreelError,
  segmentCount,
  segmentFrames,
  toReason,
  toNumber,
  toUpreelError,
  type Priority,
  type Reason,
  type RunEnd,
  type RunOrder,
  type StreamRecord,
  type StreamState,
  type StreamStatus,
} from "@upreel/core";
import { chooseLevel, firstLevel } from "./choose-level.ts";
import { nextGap, type Gap } from "./gaps.ts";
import { addMade } from "./made-ranges.ts";
import type {
  Clock,
  Log,
  Plan,
  Planner,
  RunSummary,
  StreamFolder,
  WorkerRun,
  WorkerProgress,
  Workers,
} from "./ports.ts";
import { isWithinReach } from "./reach.ts";
import { leastLead, streamStatus, type RunView } from "./stream-status.ts";
import { createViewers, type Viewers } from "./viewers.ts";

/** Runs in a row that may end in failure without one new segment before the stream gives up. */
const MAX_FRUITLESS_RUNS = 3;

/** After a trigger somebody is taken to watch for so long, though nothing was asked for yet. */
const VIEWER_COMES_WITHIN_MS = 30_000;

export interface StreamDependencies {
  readonly planner: Planner;
  readonly workers: Workers;
  readonly clock: Clock;
  readonly log: Log;
  /** Called after every change worth telling. */
  readonly onChange: (status: StreamStatus) => void;
}

interface ActiveRun {
  readonly gap: Gap;
  readonly handle: WorkerRun;
  view: RunView;
  /** Set when the run was ended to go on elsewhere or with another rung: not a failure, not a cancel. */
  isMoved: boolean;
}

/** A run that goes on for so long and so far without a published segment is ended: it does so in vain. */
const STUCK_AFTER_MS = 15_000;
const STUCK_AFTER_SEGMENTS = 4;

/** What a stream does now; `record.state` is what of it is worth keeping over a restart. */
type Activity =
  | {
      readonly kind: "resting";
      readonly state: "idle" | "complete" | "failed" | "cancelled" | "paused";
    }
  | { readonly kind: "queued" }
  | { readonly kind: "starting"; isPaused: boolean }
  | { readonly kind: "running"; readonly run: ActiveRun; isPaused: boolean };

interface FinishedRun {
  readonly end: RunEnd;
  readonly summary: RunSummary;
  readonly isMoved: boolean;
}

const NOTHING_MADE: Reason = {
  code: "encoder_failed",
  message: "The runs ended without a segment",
};

const isActive = (
  activity: Activity,
): activity is Extract<Activity, { kind: "starting" | "running" }> =>
  activity.kind === "starting" || activity.kind === "running";

/** One stream: from its trigger to its archive, over any number of runs. */
export interface Stream {
  readonly id: string;
  readonly record: StreamRecord;
  readonly folder: StreamFolder;
  readonly state: StreamState;
  status(): StreamStatus;
  /** Marks it as waiting for a worker. `broadcastStartedAtMs`: where somebody wants to see it from now on. */
  enqueue(broadcastStartedAtMs?: number): void;
  /** Somebody is about to watch, though nothing was asked for yet. */
  expectViewer(): void;
  /** Works until the film is whole, or it fails, or `signal` aborts. Never rejects. */
  work(signal: AbortSignal): Promise<void>;
  /** Stops or goes on with a run by backpressure; nothing for a stream that does not work. */
  setPaused(isPaused: boolean): void;
  /** After `work` has ended by its signal, or before it began. */
  rest(state: "cancelled" | "paused" | "idle"): Promise<void>;
  readonly viewers: Viewers;
  /** A lower priority than it has changes nothing. */
  raisePriority(priority: Priority): void;
  /** Nobody watches any more: it is background work from now on. */
  demote(): void;
  reportPlayhead(viewer: string, seconds: number, isPaused: boolean): void;
  noteAsked(k: number, client: string): void;
}

export function createStream(
  initial: StreamRecord,
  folder: StreamFolder,
  deps: StreamDependencies,
): Stream {
  const { planner, workers, clock, log } = deps;
  let record = initial;
  let activity: Activity = { kind: "resting", state: initial.state };
  const viewers = createViewers();
  let wanted = 0;
  let viewerExpectedAtMs = initial.broadcastStartedAtMs;
  let level = 0;
  /** Film seconds a second by level of the ladder: predicted, then measured. */
  let speeds: (number | undefined)[] = [];

  const stateNow = (): StreamState => {
    switch (activity.kind) {
      case "resting":
        return activity.state;
      case "queued":
        return "queued";
      case "starting":
        return activity.isPaused ? "paused" : "starting";
      case "running":
        return activity.isPaused ? "paused" : "running";
    }
  };
  const playheads = (): number[] =>
    record.timeline === undefined
      ? []
      : viewers.positions(record.timeline, clock.nowMs()).map(({ seconds }) => seconds);
  const status = (): StreamStatus =>
    streamStatus({
      record,
      state: stateNow(),
      ready: folder.ready,
      run: activity.kind === "running" ? activity.run.view : undefined,
      playheads: playheads(),
      viewers: viewers.count(clock.nowMs()),
      speeds,
    });
  const tell = (): void => deps.onChange(status());

  /** The one place where the activity changes. */
  function become(next: Activity): void {
    const before = stateNow();
    activity = next;
    if (stateNow() !== before) log.debug(`Stream ${record.id}: ${before} → ${stateNow()}`);
    tell();
  }

  async function save(changes: Partial<StreamRecord>): Promise<void> {
    record = { ...record, ...changes };
    await folder.save(record);
  }

  /** Saves in the background what is worth it, but not worth waiting for. */
  function keep(): void {
    folder.save(record).catch((error: unknown) => {
      log.error(`The state of ${record.title} could not be saved`, { error });
    });
  }

  async function settle(
    state: "idle" | "complete" | "failed" | "cancelled" | "paused",
    reason: Reason | undefined,
  ): Promise<void> {
    const { reason: _, ...rest } = record;
    record = { ...rest, state, ...(reason === undefined ? {} : { reason }) };
    await folder.save(record).catch((error: unknown) => {
      log.error(`The state of ${record.title} could not be saved`, { error });
    });
    become({ kind: "resting", state });
  }

  async function plan(signal: AbortSignal): Promise<Plan> {
    const { source, timeline, output } = record;
    if (source !== undefined && timeline !== undefined && output !== undefined) {
      return {
        source,
        timeline,
        output,
        ladder: await planner.ladderFor(record.profile, timeline, output),
      };
    }
    const planned = await planner.plan(record.file, record.profile, signal);
    await save({ source: planned.source, timeline: planned.timeline, output: planned.output });
    await folder.setTimeline(planned.timeline);
    return planned;
  }

  async function work(signal: AbortSignal): Promise<void> {
    try {
      become({ kind: "starting", isPaused: false });
      const planned = await plan(signal);
      speeds = planned.ladder.map(({ expectedSpeed }) => expectedSpeed);
      // A model that was asked for by name is at least begun with.
      level = record.profile.model === "auto" ? firstLevel(speeds) : 0;
      await makeFilm(planned, signal);
    } catch (thrown) {
      if (signal.aborted) return;
      const error = toUpreelError(thrown);
      log.error(`${record.title}: ${error.message}`, { error, stream: record.id });
      await settle("failed", toReason(error));
      await folder.endBroadcast();
    }
  }

  async function makeFilm(planned: Plan, signal: AbortSignal): Promise<void> {
    let fruitless = 0;
    let truncated = truncationOf(record);
    for (;;) {
      signal.throwIfAborted();
      const timeline = record.timeline ?? planned.timeline;
      const gap = nextGap(folder.ready, timeline, wanted);
      if (gap === undefined) break;
      const { end, summary, isMoved } = await makeSegments({ ...planned, timeline }, gap, signal);
      signal.throwIfAborted();
      const problem = problemOf(end, summary);
      const isCut = end.why === "source_truncated" && problem === undefined;
      fruitless = summary.published.length > 0 || isMoved || isCut ? 0 : fruitless + 1;
      if (isCut) {
        truncated = await truncate(gap, end.frames);
      } else if (problem !== undefined && !isMoved) {
        log.warn(`${record.title}: ${problem.message}; trying again`, { ...problem });
      }
      // Also a run that claims to have gone well: without a segment it would be repeated for ever.
      if (fruitless >= MAX_FRUITLESS_RUNS || (problem?.code === "disk_full" && !isMoved)) {
        const { code, message, ...details } =
          problem ?? summary.rejected[0]?.reason ?? NOTHING_MADE;
        throw new UpreelError(code, message, details);
      }
    }
    const { path, offsets } = await folder.makeArchive({ title: record.title, signal });
    // One save that may fail: only a record on the disk makes the segments' own files superfluous.
    await save({
      state: "complete",
      archive: path,
      ...(offsets === undefined ? {} : { archiveOffsets: [...offsets] }),
    });
    await settle("complete", truncated);
    log.info(`${record.title}: whole, ${path}`);
  }

  async function makeSegments(planned: Plan, gap: Gap, signal: AbortSignal): Promise<FinishedRun> {
    const { timeline, ladder } = planned;
    const rung = (ladder[level] ?? ladder[0])?.rung;
    if (rung === undefined) throw new UpreelError("internal", "A plan without a rung");
    const runId = `${clock.nowMs().toString(36)}-${randomBytes(3).toString("hex")}`;
    const runFolder = folder.runFolder(runId);
    const watch = folder.watchRun({
      runId,
      folder: runFolder,
      timeline,
      fromSegment: gap.from,
      toSegment: gap.to,
    });
    const forget = folder.onPublished((k) => {
      if (k < gap.from || k >= gap.to) return;
      record = { ...record, made: addMade(record.made, k, rung.model.id, rung.provider) };
      climbOrStepDown(planned);
      tell();
    });
    const { source, output } = planned;
    const order: RunOrder = {
      runId,
      folder: runFolder,
      source,
      timeline,
      output,
      rung,
      fromSegment: gap.from,
      toSegment: gap.to,
      // The archive is made of the segments: a film beside them would take the disk twice.
      wantsFilm: false,
    };
    const { end, isMoved } = await runToEnd(order, gap, signal);
    const summary = await watch.finish(end).finally(forget);
    await save({});
    log.debug(`Run ${runId} ended: ${end.why}, ${summary.published.length} segments`);
    return { end, summary, isMoved };
  }

  /** At the end of a segment: whether the next ones are made by another rung. */
  function climbOrStepDown({ ladder }: Plan): void {
    if (activity.kind !== "running" || activity.isPaused || activity.run.isMoved) return;
    const nowMs = clock.nowMs();
    const at = { record, state: "running", ready: folder.ready, playheads: playheads() } as const;
    const { leadSeconds: lead } = leastLead(at);
    const isFresh = nowMs - viewerExpectedAtMs < VIEWER_COMES_WITHIN_MS;
    const hasViewer = isFresh || viewers.count(nowMs) > 0;
    const next = chooseLevel({
      levels: ladder.length,
      level,
      speeds,
      leadSeconds: lead,
      hasViewer,
    });
    if (next === level) return;
    log.info(
      `${record.title}: ${ladder[next]?.rung.model.id} in place of ${ladder[level]?.rung.model.id}, ` +
        `lead ${lead.toFixed(1)} s at ${speeds[level]?.toFixed(2) ?? "?"}×`,
      { stream: record.id },
    );
    level = next;
    activity.run.isMoved = true;
    activity.run.handle.cancel();
  }

  /** One run in a worker; never rejects. */
  async function runToEnd(
    order: RunOrder,
    gap: Gap,
    signal: AbortSignal,
  ): Promise<{ end: RunEnd; isMoved: boolean }> {
    const { rung, output } = order;
    // The level may be another one already when the last figures of this run come in.
    const runLevel = level;
    const { framesPerSegment, rate } = order.timeline;
    let run: ActiveRun | undefined;
    /** The last sign that what is made is published too. */
    let lastGood = { ready: folder.ready.size, frames: 0, atMs: clock.nowMs() };
    const onProgress = (progress: WorkerProgress): void => {
      if (run === undefined) return;
      run.view = { ...run.view, progress };
      const isPaused = isActive(activity) && activity.isPaused;
      // The first frames come while the encoder and the caches warm up; a pause is no slowness.
      if (progress.frames >= framesPerSegment && !isPaused) {
        speeds[runLevel] = progress.fps / toNumber(rate);
      }
      const nowMs = clock.nowMs();
      const { size } = folder.ready;
      if (isPaused || size !== lastGood.ready) {
        lastGood = { ready: size, frames: progress.frames, atMs: nowMs };
      } else if (
        nowMs - lastGood.atMs >= STUCK_AFTER_MS &&
        progress.frames - lastGood.frames >= STUCK_AFTER_SEGMENTS * framesPerSegment
      ) {
        log.error(`${record.title}: no segment could be published for a while, the run is ended`);
        lastGood = { ready: size, frames: progress.frames, atMs: nowMs };
        run.handle.cancel();
      }
      tell();
    };
    try {
      const handle = await workers.start(order, onProgress, signal);
      const progress = { frames: 0, fps: 0, saved: 0 };
      const view = { gap, progress, model: rung.model.id, provider: rung.provider };
      run = { gap, handle, view, isMoved: false };
      const isPaused = isActive(activity) && activity.isPaused;
      if (isPaused) handle.pause();
      become({ kind: "running", run, isPaused });
      log.info(
        `${record.title}: ${rung.model.id} on ${rung.provider}, ` +
          `${output.inputWidth}×${output.inputHeight} → ${output.width}×${output.height}, ` +
          `segments ${gap.from} to ${gap.to - 1}`,
        { stream: record.id },
      );
      const cancel = (): void => handle.cancel();
      signal.addEventListener("abort", cancel, { once: true });
      if (signal.aborted) cancel();
      // He may have jumped while the run was being started.
      goToViewer();
      const end = await handle.ended;
      signal.removeEventListener("abort", cancel);
      return { end, isMoved: run.isMoved };
    } catch (thrown) {
      const end: RunEnd = signal.aborted
        ? { why: "cancelled", frames: 0 }
        : { why: "failed", frames: 0, reason: toReason(thrown) };
      return { end, isMoved: false };
    } finally {
      if (activity.kind === "running") become({ kind: "starting", isPaused: activity.isPaused });
    }
  }

  /** Ends a run that would take too long to get where the viewer is; the next one begins there. */
  function goToViewer(): void {
    const { timeline } = record;
    if (activity.kind !== "running" || activity.run.isMoved || timeline === undefined) return;
    const { run } = activity;
    // A source that ended early may have left the wish beyond the film.
    if (folder.ready.has(wanted) || wanted >= segmentCount(timeline)) return;
    if (isWithinReach(run.view, timeline, wanted)) return;
    log.info(`${record.title}: a viewer jumped to segment ${wanted}`);
    run.isMoved = true;
    run.handle.cancel();
  }

  /** A source that ended early: the timeline is cut where the pictures ended. */
  async function truncate(gap: Gap, frames: number): Promise<Reason> {
    const timeline = record.timeline;
    if (timeline === undefined) throw new UpreelError("internal", "A run without a timeline");
    const frameCount = segmentFrames(timeline, gap.from).first + frames;
    const reason: Reason = {
      code: "source_truncated",
      message: `${record.file.path} ends early: the film is complete up to there`,
      expected: `${timeline.frameCount} pictures`,
      got: `${frameCount}`,
    };
    if (frameCount === 0) {
      throw new UpreelError("source_unreadable", `${record.file.path} holds no picture`, reason);
    }
    const shorter = { ...timeline, frameCount };
    await save({ timeline: shorter, reason });
    await folder.setTimeline(shorter);
    return reason;
  }

  return {
    id: initial.id,
    get record() {
      return record;
    },
    folder,
    get state() {
      return stateNow();
    },
    status,
    enqueue(broadcastStartedAtMs = record.broadcastStartedAtMs) {
      const { reason: _, archive: __, archiveOffsets: ___, ...rest } = record;
      const reason = truncationOf(record);
      record = {
        ...rest,
        ...(reason === undefined ? {} : { reason }),
        state: "idle",
        broadcastStartedAtMs,
      };
      viewerExpectedAtMs = broadcastStartedAtMs;
      become({ kind: "queued" });
      keep();
    },
    expectViewer() {
      viewerExpectedAtMs = clock.nowMs();
    },
    work,
    setPaused(isPaused) {
      if (!isActive(activity)) return;
      if (activity.kind === "running") {
        if (isPaused) activity.run.handle.pause();
        else activity.run.handle.resume();
      }
      become({ ...activity, isPaused });
      // A restart of the gateway does not go on with it either.
      record = { ...record, state: isPaused ? "paused" : "idle" };
      keep();
    },
    rest: (state) => settle(state, truncationOf(record)),
    viewers,
    raisePriority(priority) {
      if (PRIORITIES.indexOf(priority) >= PRIORITIES.indexOf(record.priority)) return;
      record = { ...record, priority };
      keep();
      tell();
    },
    demote() {
      record = { ...record, priority: "background" };
      keep();
      tell();
    },
    reportPlayhead(viewer, seconds, isPaused) {
      viewers.report(viewer, { seconds, isPaused }, record.timeline, clock.nowMs());
      tell();
    },
    noteAsked(k, client) {
      const { timeline } = record;
      if (timeline !== undefined && k >= segmentCount(timeline)) return;
      viewers.noteAsked(client, k, timeline, clock.nowMs());
      if (timeline === undefined || folder.ready.has(k)) return;
      wanted = k;
      goToViewer();
    },
  };
}

/** That the source ends early stays true, whatever becomes of the stream: its timeline is cut. */
const truncationOf = ({ reason }: StreamRecord): Reason | undefined =>
  reason?.code === "source_truncated" ? reason : undefined;

/** What went wrong in a run, if anything: its own end, or segments that did not pass the check. */
function problemOf(end: RunEnd, summary: RunSummary): Reason | undefined {
  const rejected = summary.rejected[0]?.reason;
  if (rejected?.code === "disk_full") return rejected;
  if (end.why === "failed") return end.reason;
  return end.why === "cancelled" ? undefined : rejected;
}
