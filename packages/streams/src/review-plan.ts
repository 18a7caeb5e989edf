import {
  segmentCount,
  type MadeRange,
  type Timeline,
  type VideoTrack,
  type Log,
  type StreamFolder,
} from "@upreel/core";
import { keepSaid } from "./keep-said.ts";
import type { Plan, Planner } from "./ports.ts";
import type { RecordKeeper } from "./record-keeper.ts";

export interface ReviewParts {
  readonly record: RecordKeeper;
  readonly folder: StreamFolder;
  readonly planner: Planner;
  readonly log: Log;
  /**
   * No run makes segments from `k` on. Where one does just now all are ended, and none begins until
   * `adopt` is called.
   */
  readonly leaveFrom: (k: number) => Promise<void>;
  /** What runs go by from now on. */
  readonly adopt: (plan: Plan) => void;
}

/**
 * Plans a film by all of it, where its plan is one of its first part, and goes on by that: what is made
 * already stays as far as both say the same, and size, codecs and sound stay in any case, since players
 * were told of them. Only a film that turns out to be another track is begun anew. Settles when the plan is final; rejects when the signal
 * aborts. A film that cannot be read to its end keeps the plan that it has.
 */
export async function reviewPlan(
  plan: Plan,
  { record, folder, planner, log, leaveFrom, adopt }: ReviewParts,
  signal: AbortSignal,
): Promise<void> {
  const { file, profile, title } = record.now;
  const whole = await planner.planWhole(file, profile, signal).catch((error: unknown) => {
    signal.throwIfAborted();
    log.warn(`${title}: it cannot be read to its end; planned by its first part`, { error });
    return undefined;
  });
  signal.throwIfAborted();
  const { timeline = plan.timeline } = record.now;
  const found = final(whole?.timeline ?? timeline);
  // A run that found the end of the pictures meanwhile knows better.
  const isCut = timeline.frameCount < plan.timeline.frameCount;
  const reviewed =
    isCut && isSameUntil(timeline, found) ? { ...found, frameCount: timeline.frameCount } : found;
  const isOther = whole !== undefined && whole.source.video.index !== plan.source.video.index;
  const next: Plan = {
    ...plan,
    source: whole === undefined ? plan.source : keepSaid(plan.source, whole.source),
    timeline: reviewed,
    ...(isOther ? { source: whole.source, output: whole.output } : {}),
  };
  const isScanned = isSameScan(plan.source.video, next.source.video);
  const kept = isOther || !isScanned ? 0 : agreeingSegments(timeline, reviewed);
  if (kept === segmentCount(timeline) && kept === segmentCount(reviewed)) {
    await record.save({ source: next.source, timeline: reviewed });
    adopt(next);
    return;
  }
  log.info(
    `${title}: all of it says ${describe(reviewed)}, its first part said ${describe(timeline)}` +
      `${isScanned ? "" : `, and its fields are ${next.source.video.scan?.kind ?? "as it says"}`}; ` +
      `${kept} segments stay`,
  );
  await leaveFrom(kept);
  signal.throwIfAborted();
  await folder.discardFrom(kept);
  await record.save({
    ...{ source: next.source, timeline: reviewed, output: next.output },
    made: cutMade(record.now.made, kept),
    decoded: (record.now.decoded ?? []).slice(0, kept),
  });
  await folder.setTimeline(reviewed);
  adopt(next);
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

const cutMade = (made: readonly MadeRange[], end: number): MadeRange[] =>
  made.filter(({ from }) => from < end).map((range) => ({ ...range, to: Math.min(range.to, end) }));

const describe = ({ rate, frameCount, pieces }: Timeline): string =>
  `${frameCount} pictures at ${rate.num}/${rate.den}` +
  (pieces === undefined || pieces.length < 2 ? "" : ` in ${pieces.length} pieces`);
