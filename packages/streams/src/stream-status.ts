import {
  PLAIN_SCALER,
  describeScan,
  durationSeconds,
  frameSeconds,
  profileNow,
  segmentAt,
  segmentCount,
  segmentFrames,
  toNumber,
  workerOfMachine,
  type StreamRecord,
  type StreamState,
  type StreamView,
  type StreamWorker,
  type Timeline,
} from "@upreel/core";
import { contiguousEnd, framesReady, readyRanges, type Gap } from "./gaps.ts";
import { expectationOf } from "./expectation.ts";
import { rungOf } from "./life/run-view.ts";
import { sourceId } from "./source-id.ts";
import type { StreamRun } from "./stream-api.ts";

export interface StreamParts {
  readonly record: StreamRecord;
  readonly state: StreamState;
  readonly ready: ReadonlySet<number>;
  /** Those that work, and those that are parked. */
  readonly runs: readonly StreamRun[];
  /** Where those who watch are, in seconds of the film. */
  readonly playheads: readonly number[];
  /** How many of them wait for what is not made. */
  readonly viewersWaiting: number;
  /** Who watch; more than `playheads` before the film is probed. */
  readonly viewers: number;
  /** Somebody watches, or is about to. */
  readonly isWatched: boolean;
  /** Film seconds a second by network; empty before the film is planned. */
  readonly speeds: readonly (number | undefined)[];
}

/** True figures for people and players: frames the encoder took, not files that exist. */
export function streamStatus(view: StreamParts): StreamView {
  const { record, state, ready } = view;
  const working = view.runs.filter(({ live }) => live.phase === "working");
  const [run] = working;
  const { timeline, output } = record;
  const total = timeline?.frameCount;
  const kept = timeline === undefined ? 0 : framesKept(view, timeline);
  const done =
    timeline === undefined
      ? 0
      : Math.min(timeline.frameCount, kept + framesAhead(view.runs, timeline));
  const fps =
    state === "running" ? working.reduce((sum, { progress }) => sum + progress.fps, 0) : 0;
  const last = record.made.at(-1);
  const rung = run && rungOf(run);
  const least = leastLead(view);
  return {
    id: record.id,
    title: record.title,
    film: sourceId(record.file),
    state,
    framesDone: done,
    framesTotal: total,
    ratio: total === undefined ? 0 : kept / total,
    speed: timeline === undefined ? 0 : round(fps / toNumber(timeline.rate)),
    fps: round(fps),
    saved: run === undefined ? undefined : savedShare(run.progress),
    etaSeconds:
      total === undefined || state === "complete"
        ? state === "complete"
          ? 0
          : undefined
        : fps > 0 && total > done
          ? Math.round((total - done) / fps)
          : undefined,
    leadSeconds: least.leadSeconds,
    priority: record.priority,
    wantedAtMs: record.broadcastStartedAtMs,
    pinned: record.pinned === true,
    viewers: view.viewers,
    isWatched: view.isWatched,
    viewersWaiting: view.viewersWaiting,
    ...expectationOf({ timeline, speeds: view.speeds, ...least, isComplete: state === "complete" }),
    ready: timeline !== undefined && (ready.has(0) || state === "complete"),
    segmentsReady:
      timeline !== undefined && state === "complete" ? segmentCount(timeline) : ready.size,
    segmentsTotal: timeline === undefined ? undefined : segmentCount(timeline),
    readyRanges: timeline === undefined ? [] : readySeconds(view, timeline),
    segmentsRemade: record.remade,
    makingRanges: timeline === undefined || state !== "running" ? [] : making(working, timeline),
    workers: timeline === undefined || state !== "running" ? [] : workersOf(working, timeline),
    model: rung?.model.id ?? last?.model,
    provider: rung?.provider ?? last?.provider,
    modelReason: rung?.why,
    wanted: wantedOf(record),
    quality: record.profile.quality,
    plain: record.made.length > 0 && record.made.every(({ model }) => model === PLAIN_SCALER.id),
    faces: profileNow(record).faces,
    stages: run?.progress.stages,
    encoder: output?.encoder,
    width: output?.width,
    height: output?.height,
    hdr: record.source?.video.hdr?.name,
    scan:
      record.source === undefined ? undefined : (describeScan(record.source.video) ?? undefined),
    durationSeconds: timeline === undefined ? undefined : round(durationSeconds(timeline)),
    isGrowing: timeline?.growth === "going",
    reason: record.reason,
    file: record.archive,
    sizeBytes: record.archiveOffsets?.at(-1),
  };
}

const wantedOf = (record: StreamRecord): StreamView["wanted"] => {
  const { model, sharpness } = profileNow(record);
  return { model, ...(sharpness !== undefined && { sharpness }) };
};

/** The viewer with the least ready beyond his playhead; before anyone watches, one at the film's start. */
export function leastLead({
  record,
  state,
  ready,
  playheads,
}: Pick<StreamParts, "record" | "state" | "ready" | "playheads">): {
  readonly playheadSeconds: number;
  readonly leadSeconds: number;
} {
  const { timeline } = record;
  if (timeline === undefined) return { playheadSeconds: 0, leadSeconds: 0 };
  const leads = (playheads.length === 0 ? [0] : playheads).map((at) => ({
    playheadSeconds: at,
    leadSeconds:
      state === "complete" ? durationSeconds(timeline) - at : leadSeconds(ready, timeline, at),
  }));
  const least = leads.reduce((a, b) => (b.leadSeconds < a.leadSeconds ? b : a));
  return { ...least, leadSeconds: round(least.leadSeconds) };
}

/** Seconds ready without a break beyond `at`. */
function leadSeconds(ready: ReadonlySet<number>, timeline: Timeline, at: number): number {
  const end = contiguousEnd(ready, timeline, segmentAt(timeline, at));
  const endFrame = end === 0 ? 0 : segmentFrames(timeline, end - 1).end;
  return Math.max(0, frameSeconds(timeline, endFrame) - at);
}

const readySeconds = ({ state, ready }: StreamParts, timeline: Timeline): [number, number][] =>
  state === "complete"
    ? [[0, round(durationSeconds(timeline))]]
    : readyRanges(ready, timeline).map((range) => secondsOf(timeline, range));

/** Frames of published segments, which nobody loses: what is told as the share that is done. */
const framesKept = ({ state, ready }: StreamParts, timeline: Timeline): number =>
  state === "complete" ? timeline.frameCount : framesReady(ready, timeline);

/** Frames that runs have made beyond what is published; a run that gives way to a viewer elsewhere loses them. */
const framesAhead = (runs: readonly StreamRun[], timeline: Timeline): number =>
  runs
    .filter(({ live }) => live.kind === "make")
    .map(({ live }) => live.pace.frame - segmentFrames(timeline, live.next).first)
    .reduce((sum, frames) => sum + Math.max(0, frames), 0);

const making = (runs: readonly StreamRun[], timeline: Timeline): [number, number][] =>
  runs
    .map(({ live }) => ({ from: live.next, to: live.to }))
    .filter(({ from, to }) => from < to)
    .sort((a, b) => a.from - b.from)
    .map((gap) => secondsOf(timeline, gap));

const workersOf = (runs: readonly StreamRun[], timeline: Timeline): readonly StreamWorker[] =>
  runs.flatMap(({ live: { machine, next, to }, progress }) => {
    const name = workerOfMachine(machine);
    if (name === undefined || next >= to) return [];
    return [{ name, fps: round(progress.fps), range: secondsOf(timeline, { from: next, to }) }];
  });

/** Segments [from, to) as seconds of the film. */
function secondsOf(timeline: Timeline, { from, to }: Gap): [number, number] {
  const at = (frame: number): number => round(frameSeconds(timeline, frame));
  return [at(segmentFrames(timeline, from).first), at(segmentFrames(timeline, to - 1).end)];
}

/** Both figures are read while frames are made, so the share could be a little over 1. */
const savedShare = ({ saved, frames }: StreamRun["progress"]): number =>
  round(Math.min(1, saved / Math.max(1, frames)));
const round = (value: number): number => Math.round(value * 1_000) / 1_000;
