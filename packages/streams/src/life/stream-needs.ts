import { toNumber } from "@upreel/core";
import { isWhole, type Gap } from "../gaps.ts";
import type { Need } from "../need.ts";
import { needsOf } from "../needs.ts";
import { nextRemake } from "../remakes.ts";
import { isLowerIn, levelFor } from "../levels.ts";
import { speedsOf } from "../rungs.ts";
import type { ViewerPosition } from "../viewers.ts";
import { isOut } from "./outage.ts";
import { plannedOf } from "./run-view.ts";
import type { State } from "./state.ts";
import { activePhase, type Seen } from "./step.ts";

/** From the order of a run to its first picture. */
const USUAL_START_SECONDS = 3;
const LONGEST_START_SECONDS = 30;

/** What a stream needs places for. */
export function needsOfStream(state: State, seen: Seen): Need[] {
  const phase = activePhase(state);
  if (phase === undefined || phase.isPaused || phase.step.at === "archiving") return [];
  const { record, rungs, runs } = state;
  const { nowMs, audience, ready } = seen;
  if (isOut(state, nowMs)) return [];
  const timeline = phase.step.at === "making" ? record.timeline : undefined;
  const viewers = audience.positions();
  const startSeconds = startSecondsOf(state, nowMs);
  const speed = speedOfOne(state) ?? speedsOf(rungs, nowMs)[levelFor(rungs, true, nowMs)] ?? 0;
  return needsOf({
    ...{ stream: record.id, order: phase.order, priority: record.priority, timeline },
    isPlanning: phase.step.at !== "unplanned",
    ...{ ready, viewers },
    isViewerExpected: audience.isExpected(),
    expectedSeconds: audience.expectedSeconds,
    runs: [...runs.values()].map((run) => plannedOf(run, startSeconds, nowMs)),
    expectedFps: timeline === undefined ? 0 : speed * toNumber(timeline.rate),
    startSeconds,
    wanted: state.wanted,
    remakes: remakeBeside(state, seen, viewers, seen.isOnAir),
    preparedFrom: state.preparedFrom,
  });
}

/**
 * What the fastest of several machines makes alone, as a new run will until others help; undefined where one makes it all.
 * What they make together goes up and down with each of their starts, and would move the place that a run is wanted at.
 */
function speedOfOne({ runs, speedsAt }: State): number | undefined {
  if (speedsAt.size < 2) return undefined;
  const speeds = [...runs.values()].flatMap(({ order }) => speedsAt.get(order.machine) ?? []);
  return speeds.length === 0 ? undefined : Math.max(...speeds);
}

/** How long a run takes to its first picture: as long as the last one took, on whichever machine, or as those have waited that have no picture yet. */
function startSecondsOf({ runs, startsAt }: State, nowMs: number): number {
  const begun = [...runs.values()].filter(({ progress }) => progress.frames === 0);
  const ages = begun.map(({ orderedAtMs }) => (nowMs - orderedAtMs) / 1_000);
  const seconds = Math.max(USUAL_START_SECONDS, [...startsAt.values()].at(-1) ?? 0, ...ages);
  return Math.min(seconds, LONGEST_START_SECONDS);
}

/** What a better rung may make again, as far as these viewers and the live playlist let it. */
function remakeBeside(
  { record, lessons, rungs, runs }: State,
  { nowMs, remakes }: Pick<Seen, "nowMs" | "remakes">,
  viewers: readonly ViewerPosition[],
  isOnAir?: (segment: number) => boolean,
): Gap | undefined {
  const { timeline, made } = record;
  if (!remakes || timeline === undefined || !lessons.canRemake) return undefined;
  const at = [...runs.values()].find(({ kind, phase }) => kind === "remake" && phase !== "ending");
  const isLower = isLowerIn(rungs, nowMs);
  return nextRemake({ made, timeline, viewers, isLower, isOnAir, going: at?.next });
}

/** All is made that is to be, the timeline is final, and the disk knows both: the film can be archived. */
export function isDone(state: State, seen: Seen): boolean {
  const phase = activePhase(state);
  const { timeline } = state.record;
  return (
    phase?.step.at === "making" &&
    !phase.isPaused &&
    state.preparedFrom === undefined &&
    state.commits === 0 &&
    state.runs.size === 0 &&
    timeline !== undefined &&
    timeline.isProvisional !== true &&
    timeline.growth !== "going" &&
    isWhole(seen.ready, timeline) &&
    // A viewer may hold up a remake by a better model: the archive waits until the viewer is gone.
    !isToImprove(state, seen)
  );
}

/** Whether a better rung is to make some of it again, as soon as no viewer is near. */
export const isToImprove = (state: State, seen: Pick<Seen, "nowMs" | "remakes">): boolean =>
  remakeBeside(state, seen, []) !== undefined;
