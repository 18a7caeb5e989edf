import { teeOutput } from "../ffmpeg/tee-output.ts";

/** One file of a batch, and the packets that go into it. */
export interface SegmentFile {
  readonly path: string;
  /** Drops packets of other files: an expression of ffmpeg's noise filter over the packet's `pts`, `tb` and `key`. */
  readonly drop: string;
}

/**
 * `-f tee` with one slave for each file. Not ffmpeg's segment muxer: its `segment_times` are times of
 * the clock up to ffmpeg 6, and count from the first packet since ffmpeg 7.
 */
export function segmentFiles(
  files: readonly SegmentFile[],
  muxer: Readonly<Record<string, string>>,
): string[] {
  const slaves = files.map(({ path, drop }) => ({
    options: { ...muxer, max_delay: "700000", bsfs: `noise=drop='${drop}'` },
    path,
  }));
  return ["-f", "tee", teeOutput(slaves)];
}

/** Packets with times within [from, to), in seconds. */
export const dropOutside = (from: number, to: number): string =>
  `lt(pts*tb,${from.toFixed(9)})+gte(pts*tb,${to.toFixed(9)})`;

/**
 * Packets from the first key frame that is not before `from` up to the first that is not before `to`,
 * in the order of the file: pictures of an open group are shown before its key frame but belong to it.
 */
export function dropOutsideGroups(from: number, to: number | undefined): string {
  const begin = `if(key*gte(pts*tb,${from.toFixed(6)}),st(0,1))`;
  if (to === undefined) return `${begin};not(ld(0))`;
  return `${begin};if(key*gte(pts*tb,${to.toFixed(6)}),st(1,1));not(ld(0))+ld(1)`;
}
