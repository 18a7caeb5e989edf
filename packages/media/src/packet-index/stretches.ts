import { HOLE_MICROS, type Fragment, type TrackLog } from "./track-log.ts";

/** What a track has in one go. */
export interface Stretch {
  readonly log: TrackLog;
  readonly startMicros: number;
  readonly endMicros: number;
  readonly packets: number;
  readonly fromByte: number;
  /** In order; empty for sound. */
  readonly pictures: Float64Array;
}

export const stretchOf = (log: TrackLog, fragment: Fragment): Stretch => ({
  ...{ log, startMicros: fragment.startMicros, endMicros: fragment.endMicros },
  ...{ packets: fragment.packets, fromByte: fragment.fromByte },
  pictures:
    log.kind === "audio"
      ? new Float64Array()
      : log.pictures.slice(fragment.firstPicture, fragment.firstPicture + fragment.packets).sort(),
});

export const startOf = (stretches: readonly Stretch[]): number =>
  Math.min(...stretches.map(({ startMicros }) => startMicros));
export const endOf = (stretches: readonly Stretch[]): number =>
  Math.max(...stretches.map(({ endMicros }) => endMicros));

/**
 * Where decoding times are made up by ffmpeg, they jump some pictures later than the pictures do: holes
 * are found by when pictures are shown.
 */
export function splitAtHoles(stretches: readonly Stretch[]): Stretch[] {
  const [first] = stretches;
  if (first === undefined) return [];
  const pictures = joinTimes(stretches);
  const end = Math.max(...stretches.map(({ endMicros }) => endMicros));
  const parts: Stretch[] = [];
  let from = 0;
  for (let at = 1; at <= pictures.length; at++) {
    const before = (pictures[at - 1] ?? 0) + first.log.packetMicros;
    if (at < pictures.length && (pictures[at] ?? 0) - before <= HOLE_MICROS) continue;
    const own = pictures.slice(from, at);
    parts.push({
      ...{ ...first, pictures: own, packets: own.length, startMicros: own[0] ?? 0 },
      endMicros: at === pictures.length ? end : before,
    });
    from = at;
  }
  return parts;
}

/** All their pictures, in order. */
export function joinTimes(stretches: readonly Stretch[]): Float64Array {
  const all = new Float64Array(stretches.reduce((sum, { pictures }) => sum + pictures.length, 0));
  let at = 0;
  for (const { pictures } of stretches) {
    all.set(pictures, at);
    at += pictures.length;
  }
  return all.sort();
}
