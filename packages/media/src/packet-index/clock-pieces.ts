import { MOST_PIECES } from "@upreel/core";
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

interface Placed {
  readonly log: TrackLog;
  readonly fragment: Fragment;
}

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
  for (const log of sounds) {
    for (const fragment of log.fragments) {
      generations[generationOf(fragment, generations)]?.push({ log, fragment });
    }
  }
  return generations.flatMap((placed) =>
    joinNear(placed, closesHoles ? HOLE_MICROS : Number.POSITIVE_INFINITY).map(describe),
  );
}

function smallestJump({ fragments }: TrackLog): number {
  const back = fragments.filter(({ jump }) => jump === "back");
  const isSmall = ({ jumpMicros }: Fragment): boolean => jumpMicros > -SMALL_JUMP_MICROS;
  if (back.length >= MOST_PIECES) return Number.POSITIVE_INFINITY;
  return back.filter(isSmall).length > MAX_SMALL_JUMPS ? SMALL_JUMP_MICROS : 0;
}

function splitWhereClockGoesBack(video: TrackLog, smallest: number): Placed[][] {
  const generations: Placed[][] = [];
  for (const fragment of video.fragments) {
    const current = generations.at(-1);
    const isJump = fragment.jump === "back" && -fragment.jumpMicros >= smallest;
    if (current === undefined || isJump) {
      generations.push([{ log: video, fragment }]);
    } else current.push({ log: video, fragment });
  }
  return generations;
}

/**
 * Sound belongs to the pictures that it lies among in the file. At a jump its packets can lie a little
 * before the first picture of their clock, or behind it: the neighbour that has their times gets them.
 */
function generationOf(fragment: Fragment, generations: readonly (readonly Placed[])[]): number {
  const at = Math.max(
    0,
    generations.findLastIndex(([first]) => (first?.fragment.fromByte ?? 0) <= fragment.fromByte),
  );
  const shared = (index: number): number =>
    (generations[index] ?? [])
      .filter(({ log }) => log.kind === "video")
      .reduce((sum, picture) => sum + sharedMicros(picture.fragment, fragment), 0);
  const half = (fragment.endMicros - fragment.startMicros) / 2;
  if (shared(at) >= half) return at;
  return [at - 1, at + 1].find((index) => shared(index) >= half && shared(index) > 0) ?? at;
}

const startByte = (placed: readonly Placed[]): number =>
  Math.min(...placed.map(({ fragment }) => fragment.fromByte));

const sharedMicros = (a: Fragment, b: Fragment): number =>
  Math.max(0, Math.min(a.endMicros, b.endMicros) - Math.max(a.startMicros, b.startMicros));

/** Fragments that overlap, or lie no further apart than `tolerance`, are one piece. */
function joinNear(placed: readonly Placed[], tolerance: number): Placed[][] {
  const sorted = [...placed].sort((a, b) => a.fragment.startMicros - b.fragment.startMicros);
  const groups: Placed[][] = [];
  let end = Number.NEGATIVE_INFINITY;
  for (const one of sorted) {
    const group = groups.at(-1);
    if (group === undefined || one.fragment.startMicros > end + tolerance) groups.push([one]);
    else group.push(one);
    end = Math.max(end, one.fragment.endMicros);
  }
  return joinPictureless(groups);
}

/** Sound alone goes with the pictures before it, which stay; before all pictures it is no film. */
function joinPictureless(groups: readonly Placed[][]): Placed[][] {
  const joined: Placed[][] = [];
  for (const group of groups) {
    const before = joined.at(-1);
    if (group.some(({ log }) => log.kind === "video")) joined.push([...group]);
    else if (before !== undefined && distance(before, group) <= STRAY_MICROS) before.push(...group);
  }
  return joined;
}

const distance = (before: readonly Placed[], after: readonly Placed[]): number =>
  Math.min(...after.map(({ fragment }) => fragment.startMicros)) -
  Math.max(...before.map(({ fragment }) => fragment.endMicros));

function describe(placed: readonly Placed[]): ClockPiece {
  const logs = [...new Set(placed.map(({ log }) => log))];
  const parts = logs.map((log) =>
    partOf(
      log,
      placed.filter((one) => one.log === log).map(({ fragment }) => fragment),
    ),
  );
  return {
    fromByte: startByte(placed),
    startMicros: Math.min(...parts.map(({ startMicros }) => startMicros)),
    endMicros: Math.max(...parts.map(({ endMicros }) => endMicros)),
    parts,
  };
}

function partOf(log: TrackLog, fragments: readonly Fragment[]): TrackPart {
  const packets = fragments.reduce((sum, fragment) => sum + fragment.packets, 0);
  const pictures = new Float64Array(log.kind === "video" ? packets : 0);
  let at = 0;
  for (const { firstPicture, packets: count } of log.kind === "video" ? fragments : []) {
    pictures.set(log.pictures.slice(firstPicture, firstPicture + count), at);
    at += count;
  }
  return {
    track: log.track,
    packets,
    startMicros: Math.min(...fragments.map(({ startMicros }) => startMicros)),
    endMicros: Math.max(...fragments.map(({ endMicros }) => endMicros)),
    pictures: pictures.sort(),
  };
}
