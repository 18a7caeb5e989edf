import { frameSeconds, segmentCount, segmentFrames, type Timeline } from "@upreel/core";
import { BLOCK_SECONDS } from "./measure-loudness.ts";

/** Quieter than this, in decibels below full scale, there is nothing to be heard. */
const SILENT_DB = -60;
/** What is so much quieter than the others were made, is missing. */
const MISSING_DB = 12;
/** So many blocks without their sound are a hole, or half of those of a segment. */
const HOLE_BLOCKS = 3;

/**
 * Segments with sound that was not made of that of the source. Sound that is encoded and mixed to fewer
 * channels may be quieter throughout, and off by less than a block.
 */
export function silencedSegments(
  timeline: Timeline,
  source: Float64Array,
  made: Float64Array,
): number[] {
  const wanted = Array.from(source, decibels);
  const got = Array.from(made, decibels);
  const isLoud = (level: number): boolean => level > SILENT_DB;
  const changes = wanted.flatMap((level, b) => (isLoud(level) ? [(got[b] ?? 0) - level] : []));
  // Where most of it is missing, what is usual says nothing.
  const usual = Math.max(median(changes), -MISSING_DB);
  const isMissing = (block: number): boolean => {
    const around = Math.max(...[-1, 0, 1].map((n) => got[block + n] ?? decibels(0)));
    return around < (wanted[block] ?? 0) + usual - MISSING_DB;
  };
  return Array.from({ length: segmentCount(timeline) }, (_, k) => k).filter((k) => {
    const { first, end } = segmentFrames(timeline, k);
    const from = Math.floor(frameSeconds(timeline, first) / BLOCK_SECONDS);
    const to = Math.ceil(frameSeconds(timeline, end) / BLOCK_SECONDS);
    const blocks = Array.from({ length: to - from }, (__, n) => from + n);
    const loud = blocks.filter((block) => isLoud(wanted[block] ?? decibels(0)));
    const missing = loud.filter(isMissing).length;
    return missing >= HOLE_BLOCKS || (missing > 0 && 2 * missing >= loud.length);
  });
}

const decibels = (meanSquare: number): number => 10 * Math.log10(Math.max(meanSquare, 1e-12));

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
