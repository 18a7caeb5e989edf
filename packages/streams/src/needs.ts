import { segmentAt, segmentCount, segmentFrames, type Timeline } from "@upreel/core";
import { demandsOf, type Demand } from "./demands.ts";
import { contiguousEnd, nextGap, type Gap } from "./gaps.ts";
import { RANK, isMaking, type LiveRun, type Need, type NeedsView, type Rank } from "./need.ts";
import { isWithinReach, type Pace } from "./reach.ts";

/**
 * What a stream wants places for: the fewest runs that reach every viewer's next missing segment in
 * time; without any, one that fills the gaps; when the film is complete, one that makes segments better.
 */
export function needsOf(view: NeedsView): Need[] {
  const { timeline, viewers, isViewerExpected } = view;
  const isWatched = viewers.length > 0 || isViewerExpected;
  if (timeline === undefined) {
    const isPrepared = view.preparedFrom !== undefined;
    const rank = isPrepared ? RANK.prepared : isWatched ? RANK.watched : RANK[view.priority];
    const plan = newNeed(view, "plan", { from: 0, to: 0 }, rank);
    return [{ ...plan, isAtWork: view.isPlanning, waiting: rank === RANK.watched ? "now" : "no" }];
  }
  if (view.preparedFrom !== undefined) return prepare(view, timeline, view.preparedFrom);
  const served = serve(view, timeline, demandsOf(view, timeline));
  if (served.length > 0) return served;
  const rank = isWatched ? RANK.viewer : RANK[view.priority];
  const run =
    view.runs.find(({ kind, phase }) => kind === "make" && phase === "working") ??
    view.runs.find(({ kind, phase }) => kind === "make" && phase === "parked");
  if (run !== undefined) return [needOf(view, run, rank, 0)];
  const gap = nextGap((k) => isTaken(view, k), timeline, view.wanted);
  if (gap !== undefined) return [newNeed(view, "make", gap, rank)];
  const { remakes } = view;
  if (remakes === undefined) return [];
  const remaking = view.runs.find(
    ({ kind, phase, next }) =>
      kind === "remake" && phase !== "ending" && next >= remakes.from && next < remakes.to,
  );
  return [
    remaking === undefined
      ? newNeed(view, "remake", remakes, RANK.remake)
      : needOf(view, remaking, RANK.remake, 0),
  ];
}

/** Segments made of a film that somebody may play: what players want before they show a picture. */
const PREPARED_SEGMENTS = 2;

/** One run that stops, and waits to go on, when these are made. */
function prepare(view: NeedsView, timeline: Timeline, fromSeconds: number): Need[] {
  const count = segmentCount(timeline);
  const first = Math.min(segmentAt(timeline, fromSeconds), count - 1);
  const missing = contiguousEnd(view.ready, timeline, first);
  if (missing >= Math.min(count, first + PREPARED_SEGMENTS)) return [];
  const run = view.runs.find((each) => isMaking(each) && each.next <= missing && missing < each.to);
  if (run !== undefined) return [needOf(view, run, RANK.prepared, 0)];
  const gap = { from: missing, to: endOfGap(view, timeline, missing) };
  return [newNeed(view, "make", gap, RANK.prepared)];
}

/** Which runs serve these demands; a new one for those that none reaches in time. */
function serve(view: NeedsView, timeline: Timeline, demands: readonly Demand[]): Need[] {
  const needs: Need[] = [];
  /** The new run that the demands before lead to. */
  let fresh: { readonly gap: Gap; readonly index: number } | undefined;
  for (const { segment, leadSeconds, waiting } of demands) {
    const reaches = (pace: Pace): boolean => isWithinReach(pace, timeline, segment, leadSeconds);
    const run = view.runs
      .filter(
        (each) => isMaking(each) && each.next <= segment && segment < each.to && reaches(each.pace),
      )
      .sort((a, b) => b.next - a.next)[0];
    const startsAt = (from: number): Pace => ({
      frame: segmentFrames(timeline, from).first,
      fps: view.expectedFps,
    });
    let at: number;
    if (run !== undefined) {
      at = needs.findIndex((need) => need.run === run.id);
      if (at < 0) at = needs.push(needOf(view, run, RANK.watched, leadSeconds)) - 1;
    } else if (fresh !== undefined && segment < fresh.gap.to && reaches(startsAt(fresh.gap.from))) {
      at = fresh.index;
    } else {
      const gap = { from: segment, to: endOfGap(view, timeline, segment) };
      at = needs.push(newNeed(view, "make", gap, RANK.watched, leadSeconds)) - 1;
      fresh = { gap, index: at };
    }
    const need = needs[at];
    if (need === undefined) continue;
    needs[at] = {
      ...need,
      leadSeconds: Math.min(leadSeconds, need.leadSeconds),
      waiting: need.waiting === "no" || waiting === "now" ? waiting : need.waiting,
    };
  }
  return needs;
}

/** Whether segment `k` is made, or some live run will make it. */
const isTaken = ({ ready, runs }: NeedsView, k: number): boolean =>
  ready.has(k) || runs.some((run) => isMaking(run) && k >= run.next && k < run.to);

/** Where a run from `from` meets finished work, the beginning of another run's work, or the end. */
function endOfGap({ ready, runs }: NeedsView, timeline: Timeline, from: number): number {
  const count = segmentCount(timeline);
  const isStart = (k: number): boolean => runs.some((run) => isMaking(run) && run.next === k);
  let to = from + 1;
  while (to < count && !ready.has(to) && !isStart(to)) to++;
  return to;
}

const newNeed = (
  { stream, order }: NeedsView,
  kind: Need["kind"],
  gap: Gap,
  rank: Rank,
  leadSeconds = 0,
): Need => ({
  ...{ stream, kind, gap, run: undefined, isAtWork: false, rank, leadSeconds, order },
  waiting: "no",
});

const needOf = (view: NeedsView, run: LiveRun, rank: Rank, leadSeconds: number): Need => ({
  ...newNeed(view, run.kind, { from: run.next, to: run.to }, rank, leadSeconds),
  run: run.id,
  isAtWork: run.phase === "working",
  machine: run.machine,
});
