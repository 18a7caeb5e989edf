import { segmentFrames, type RunEnd, type RunSummary } from "@upreel/core";
import { NOTHING_IN_VAIN, REASONS_IN_VAIN, type InVain } from "../in-vain.ts";
import type { RunState } from "./state.ts";
import { stay, type Part } from "./step.ts";

/** What a run made that others make, too, or will: what it published is none of it. */
export function madeInVain(
  { order, progress, isHedge, isHedged, isDeliberate }: RunState,
  end: RunEnd,
  { published, doubled = [], byOtherGateway = [] }: RunSummary,
): InVain {
  const framesOf = (segments: readonly number[]): number =>
    segments.reduce((sum, k) => {
      const { first, end: last } = segmentFrames(order.timeline, k);
      return sum + last - first;
    }, 0);
  const made = Math.max(end.frames, progress.frames);
  const unfinished = Math.max(0, made - framesOf(published) - framesOf(doubled));
  const isEnded = isDeliberate || end.why === "cancelled";
  const why = isHedge ? "hedge" : isEnded ? "moved" : "failed";
  const all: Record<keyof InVain, number> = { ...NOTHING_IN_VAIN };
  all[why] += unfinished;
  all[isHedge || isHedged ? "hedge" : "moved"] += framesOf(doubled);
  all.other_gateway += framesOf(byOtherGateway);
  return all;
}

/** To be told once, when all is published that will be. */
export const noteInVain =
  (run: RunState, end: RunEnd, summary: RunSummary): Part =>
  (state) => {
    const frames = madeInVain(run, end, summary);
    const isAny = REASONS_IN_VAIN.some((why) => frames[why] > 0);
    return isAny ? stay(state, { kind: "note-in-vain", frames }) : stay(state);
  };
