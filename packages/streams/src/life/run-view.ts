import {
  segmentFrames,
  toNumber,
  withoutFacesId,
  type RunOrder,
  type RungName,
  type RungRef,
} from "@upreel/core";
import type { LiveRun } from "../need.ts";
import type { WorkerProgress } from "../ports.ts";
import type { RunState, State } from "./state.ts";

/** What a run shows of its speed before is that of cold caches, and of a figure that is still rising. */
const WARM_AFTER_MS = 3_000;

/** A run as it is now. */
export function liveOf({ order, kind, next, to, phase, progress }: RunState): LiveRun {
  const { timeline, fromSegment, runId, machine } = order;
  // A quick run's figures come later than its segments.
  const published = segmentFrames(timeline, next).first;
  const made = segmentFrames(timeline, fromSegment).first + progress.frames;
  return {
    ...{ id: runId, kind, next, to, machine },
    pace: { frame: Math.max(made, published), fps: progress.fps },
    phase: phase === "starting" ? "working" : phase,
  };
}

/** What makes, or made, segment `k` of a run; without `k` those that come next. */
export function rungOf(
  {
    order: { rung, otherRungs = [] },
    progress: { rungs = [] },
  }: {
    readonly order: Pick<RunOrder, "rung" | "otherRungs">;
    readonly progress: Pick<WorkerProgress, "rungs">;
  },
  k = Infinity,
): RungRef {
  const made = rungs.findLast(({ fromSegment }) => fromSegment <= k);
  const isIt = (each: RungRef): boolean =>
    each.model.id === made?.model && each.provider === made.provider;
  const all = [rung, ...otherRungs];
  return all.find(isIt) ?? all.map(withoutFaces).find(isIt) ?? rung;
}

/** What a rung makes whose networks for faces have failed. */
function withoutFaces(ref: RungRef): RungRef {
  const { faces, ...plain } = ref;
  if (faces === undefined) return ref;
  return { ...plain, model: { ...ref.model, id: withoutFacesId(ref.model.id) } };
}

/** Whether it can change to a rung without an end. */
export const canChangeTo = ({ order }: RunState, { model, provider }: RungName): boolean =>
  [order.rung, ...(order.otherRungs ?? [])].some(
    (each) => each.model.id === model && each.provider === provider,
  );

/** Film seconds a second of a run; undefined until its figures are those of its work, and not of its start. */
export function measuredSpeed(
  { order, phase, progress, makingSinceMs = Infinity }: RunState,
  nowMs: number,
): number | undefined {
  const { timeline } = order;
  const isWarm =
    phase === "working" &&
    progress.frames >= timeline.framesPerSegment &&
    nowMs - makingSinceMs >= WARM_AFTER_MS;
  return isWarm && progress.fps > 0 ? progress.fps / toNumber(timeline.rate) : undefined;
}

/** As `liveOf`, for planning: without the speed of a run that has just begun to work, which does not say yet how fast it is. */
export function plannedOf(run: RunState, startSeconds: number, nowMs: number): LiveRun {
  const live = liveOf(run);
  if (run.phase === "parked" || measuredSpeed(run, nowMs) !== undefined) return live;
  const left = startSeconds - (nowMs - run.orderedAtMs) / 1_000;
  const hasBegun = run.progress.frames > 0;
  return {
    ...live,
    pace: { ...live.pace, fps: 0 },
    startSeconds: hasBegun ? 0 : Math.max(0, left),
  };
}

/** Whether there are pictures after `frame`, as those that were made, or that others make, show. */
export function goesOnAfter(
  { record, runs }: State,
  ready: ReadonlySet<number>,
  frame: number,
  except: string,
): boolean {
  const size = record.timeline?.framesPerSegment ?? 1;
  const isLater = (k: number): boolean => k * size >= frame;
  return (
    [...ready].some(isLater) ||
    [...runs].some(
      ([id, { progress, next }]) => id !== except && progress.frames > 0 && isLater(next),
    )
  );
}
