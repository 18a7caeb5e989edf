import { MOST_PIECES } from "@upreel/core";
import { endOf, joinTimes, splitAtHoles, startOf, stretchOf, type Stretch } from "./stretches.ts";
import { HOLE_MICROS, type Fragment, type TrackLog } from "./track-log.ts";

/** A part of a film in which the clock goes on without a jump, in the order in which they are shown. */
export interface ClockPiece {
  /** Where it begins in the file. */
  readonly fromByte: number;
  /** First and last moment of picture and sound on the clock, as it is read from the file's beginning. */
  readonly startMicros: number;
  readonly endMicros: number;
  /** Of each track that has packets in it. */
  readonly parts: readonly TrackPart[];
}

/** What a track has in a piece. */
export interface TrackPart {
  readonly track: number;
  readonly packets: number;
  readonly startMicros: number;
  readonly endMicros: number;
  /** When its pictures are shown, in order; empty for sound. */
  readonly pictures: Float64Array;
}

/** A file whose clock goes back more often than this is broken in another way: small steps are no jumps then. */
const MAX_SMALL_JUMPS = 50;
const SMALL_JUMP_MICROS = 200_000;

/** Sound that goes on after so long a silence behind the last picture is no part of the film. */
const STRAY_MICROS = 60_000_000;

export interface PieceRules {
  /** false for films in which a picture may stand for as long as it likes. */
  readonly closesHoles: boolean;
  /** Decoding times are those of the file, so that each one that goes back is a jump of its clock. */
  readonly hasOwnClock: boolean;
}

/**
 * Finds the pieces of a film by what `video` does: where its clock goes back a new piece begins, and
 * where neither it nor any sound has a packet for long.
 */
export function findPieces(
  video: TrackLog,
  sounds: readonly TrackLog[],
  { closesHoles, hasOwnClock }: PieceRules,
): ClockPiece[] {
  const smallest = hasOwnClock ? smallestJump(video) : SMALL_JUMP_MICROS;
  const generations = splitWhereClockGoesBack(video, smallest);
  const stretches = generations.map((fragments) => {
    const own = fragments.map((fragment) => stretchOf(video, fragment));
    return hasOwnClock ? own : splitAtHoles(own);
  });
  for (const log of sounds) {
    for (const fragment of log.fragments) {
      stretches[generationOf(fragment, generations)]?.push(stretchOf(log, fragment));
    }
  }
  return stretches.flatMap((own) =>
    joinNear(own, closesHoles ? HOLE_MICROS : Number.POSITIVE_INFINITY).map(describe),
  );
}

function smallestJump({ fragments }: TrackLog): number {
  const back = fragments.filter(({ jump }) => jump === "back");
  const isSmall = ({ jumpMicros }: Fragment): boolean => jumpMicros > -SMALL_JUMP_MICROS;
  if (back.length >= MOST_PIECES) return Number.POSITIVE_INFINITY;
  return back.filter(isSmall).length > MAX_SMALL_JUMPS ? SMALL_JUMP_MICROS : 0;
}

function splitWhereClockGoesBack(video: TrackLog, smallest: number): Fragment[][] {
  const generations: Fragment[][] = [];
  for (const fragment of video.fragments) {
    const current = generations.at(-1);
    const isJump = fragment.jump === "back" && -fragment.jumpMicros >= smallest;
    if (current === undefined || isJump) generations.push([fragment]);
    else current.push(fragment);
  }
  return generations;
}

/**
 * Sound belongs to the pictures that it lies among in the file. At a jump its packets can lie a little
 * before the first picture of their clock, or behind it: the neighbour that has their times gets them.
 */
function generationOf(sound: Fragment, generations: readonly (readonly Fragment[])[]): number {
  const at = Math.max(
    0,
    generations.findLastIndex(([first]) => (first?.fromByte ?? 0) <= sound.fromByte),
  );
  const shared = (index: number): number =>
    (generations[index] ?? []).reduce((sum, fragment) => sum + sharedMicros(fragment, sound), 0);
  const half = (sound.endMicros - sound.startMicros) / 2;
  if (shared(at) >= half) return at;
  return [at - 1, at + 1].find((index) => shared(index) >= half && shared(index) > 0) ?? at;
}

const startByte = (stretches: readonly Stretch[]): number =>
  Math.min(...stretches.map(({ fromByte }) => fromByte));
const sharedMicros = (a: Fragment, b: Fragment): number =>
  Math.max(0, Math.min(a.endMicros, b.endMicros) - Math.max(a.startMicros, b.startMicros));

/** Stretches that overlap, or lie no further apart than `tolerance`, are one piece. */
function joinNear(stretches: readonly Stretch[], tolerance: number): Stretch[][] {
  const sorted = [...stretches].sort((a, b) => a.startMicros - b.startMicros);
  const groups: Stretch[][] = [];
  let end = Number.NEGATIVE_INFINITY;
  for (const one of sorted) {
    const group = groups.at(-1);
    if (group === undefined || one.startMicros > end + tolerance) groups.push([one]);
    else group.push(one);
    end = Math.max(end, one.endMicros);
  }
  return joinPictureless(groups);
}

/** Sound alone goes with the pictures before it, which stay; before all pictures it is no film. */
function joinPictureless(groups: readonly Stretch[][]): Stretch[][] {
  const joined: Stretch[][] = [];
  for (const group of groups) {
    const before = joined.at(-1);
    if (group.some(({ log }) => log.kind === "video")) joined.push([...group]);
    else if (before !== undefined && startOf(group) - endOf(before) <= STRAY_MICROS) {
      before.push(...group);
    }
  }
  return joined;
}

function describe(stretches: readonly Stretch[]): ClockPiece {
  const logs = [...new Set(stretches.map(({ log }) => log))];
  const parts = logs.map((log): TrackPart => {
    const own = stretches.filter((one) => one.log === log);
    return {
      track: log.track,
      packets: own.reduce((sum, { packets }) => sum + packets, 0),
      startMicros: startOf(own),
      endMicros: endOf(own),
      pictures: joinTimes(own),
    };
  });
  return {
    fromByte: startByte(stretches),
    startMicros: startOf(stretches),
    endMicros: endOf(stretches),
    parts,
  };
}
