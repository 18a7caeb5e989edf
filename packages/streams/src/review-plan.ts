import { segmentCount, type MadeRange, type Timeline, type VideoTrack } from "@upreel/core";
import { keepSaid } from "./keep-said.ts";
import type { Plan } from "./ports.ts";

/** What all of a film says, compared with what its first part said. */
export interface Review {
  /** What runs go by from now on. */
  readonly next: Plan;
  /** What is made already stays up to this segment. */
  readonly kept: number;
  /** Nothing of what is made, or told to players, is another one. */
  readonly isSame: boolean;
  /** In words for people. */
  readonly found: string;
}

/**
 * The plan by all of a film whose plan is one of its first part: what is made already stays as far as
 * both say the same, and size, codecs and sound stay in any case, since players were told of them. Only
 * a film that turns out to be another track is begun anew. One that cannot be read to its end (`whole`
 * is undefined) keeps the plan that it has. `now`: the timeline by now.
 */
export function reviewPlan(plan: Plan, whole: Plan | undefined, now: Timeline): Review {
  const found = final(whole?.timeline ?? now);
  // A run that found the end of the pictures meanwhile knows better.
  const isCut = now.frameCount < plan.timeline.frameCount;
  const timeline =
    isCut && isSameUntil(now, found) ? { ...found, frameCount: now.frameCount } : found;
  const isOther = whole !== undefined && whole.source.video.index !== plan.source.video.index;
  const next: Plan = {
    ...plan,
    source: whole === undefined ? plan.source : keepSaid(plan.source, whole.source),
    timeline,
    ...(isOther ? { source: whole.source, output: whole.output } : {}),
  };
  const { scan } = next.source.video;
  const isScanned = isSameScan(plan.source.video, next.source.video);
  const kept = isOther || !isScanned ? 0 : agreeingSegments(now, timeline);
  return {
    ...{ next, kept },
    isSame: kept === segmentCount(now) && kept === segmentCount(timeline),
    found:
      `all of it says ${describe(timeline)}, its first part said ${describe(now)}` +
      `${isScanned ? "" : `, and its fields are ${scan?.kind ?? "as it says"}`}; ` +
      `${kept} segments stay`,
  };
}

function final(timeline: Timeline): Timeline {
  const { isProvisional: _, ...rest } = timeline;
  return rest;
}

/** Whether pictures are made of the fields of a film in the same way. */
const isSameScan = (a: VideoTrack, b: VideoTrack): boolean =>
  (isPlain(a) && isPlain(b)) || (a.scan?.kind === b.scan?.kind && a.scan?.order === b.scan?.order);

/** Left to what each picture says of itself. */
const isPlain = ({ scan, isInterlaced }: VideoTrack): boolean =>
  scan === undefined || (scan.kind === "progressive" && !isInterlaced);

/** Whether frames are at the same times of the source in both. */
function isSameUntil(a: Timeline, b: Timeline): boolean {
  return (
    a.zeroMicros === b.zeroMicros &&
    a.framesPerSegment === b.framesPerSegment &&
    a.rate.num * b.rate.den === b.rate.num * a.rate.den
  );
}

/** Segments, from the first one on, that are the same by both timelines. */
export function agreeingSegments(a: Timeline, b: Timeline): number {
  if (!isSameUntil(a, b)) return 0;
  const isPlain = b.pieces === undefined && b.colours === undefined && a.colours === undefined;
  if (a.frameCount === b.frameCount && isPlain) return segmentCount(a);
  const ends = [
    a.frameCount,
    b.frameCount,
    b.pieces?.[0]?.stillFrom,
    b.pieces?.[1]?.firstFrame,
    otherColours(a, b),
  ];
  const same = Math.min(...ends.filter((end) => end !== undefined));
  if (same === a.frameCount && same === b.frameCount) return segmentCount(a);
  return Math.floor(same / a.framesPerSegment);
}

/** The first frame of which the colours may be others; undefined: there is none. */
function otherColours({ colours: a = [] }: Timeline, { colours: b = [] }: Timeline) {
  const first = Array.from({ length: Math.max(a.length, b.length) }, (_, n) => n).find(
    (n) => JSON.stringify(a[n]) !== JSON.stringify(b[n]),
  );
  if (first === undefined) return undefined;
  return Math.min(a[first]?.firstFrame ?? Infinity, b[first]?.firstFrame ?? Infinity);
}

export const cutMade = (made: readonly MadeRange[], end: number): MadeRange[] =>
  made.filter(({ from }) => from < end).map((range) => ({ ...range, to: Math.min(range.to, end) }));

const describe = ({ rate, frameCount, pieces }: Timeline): string =>
  `${frameCount} pictures at ${rate.num}/${rate.den}` +
  (pieces === undefined || pieces.length < 2 ? "" : ` in ${pieces.length} pieces`);
