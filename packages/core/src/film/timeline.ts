import { z } from "zod";
import { MOST_SEGMENTS } from "./longest-film.ts";
import { PTS_PER_SECOND } from "./pts-per-second.ts";
import { rationalSchema, type Rational } from "./rational.ts";
import { colourSchema, hdrSchema } from "./source.ts";

/** A part of the timeline in which the source's clock goes on without a jump. */
const pieceSchema = z.object({
  /** It lasts until the first frame of the next piece, or the end of the timeline. */
  firstFrame: z.int().nonnegative(),
  /**
   * The source's clock at `firstFrame`, in microseconds, for who opens bytes [fromByte, toByte) of the
   * file as a film of their own; without `fromByte`, for who opens all of it.
   */
  clockMicros: z.int(),
  /** With it the clock inside the piece is known only to who opens these bytes alone. */
  fromByte: z.int().nonnegative().optional(),
  /** Absent: to the end of the file. */
  toByte: z.int().positive().optional(),
  /** First frame behind the last picture, which stays until the end of the piece. Absent: not known. */
  stillFrom: z.int().nonnegative().optional(),
});
/** From a frame on the pictures have other colours than before. */
const colourChangeSchema = z.object({
  firstFrame: z.int().positive(),
  pixelFormat: z.string(),
  bitDepth: z.int().positive(),
  colour: colourSchema,
  /** Without: standard dynamic range. */
  hdr: hdrSchema.optional(),
});
export type ColourChange = z.infer<typeof colourChangeSchema>;
/** No film has more; a file that says so is broken. */
export const MOST_COLOURS = 200;

/** More jumps than this are no joined recordings, but a broken clock. */
export const MOST_PIECES = 1_000;
export type TimelinePiece = z.infer<typeof pieceSchema>;

/**
 * The frames of a source at one constant rate, cut in segments of `framesPerSegment` frames each.
 * Frame f is shown at `zeroMicros / 1e6 + f * rate.den / rate.num` seconds of the container's own
 * clock, or as `pieces` say where that clock jumps.
 */
export const timelineSchema = z
  .object({
    /** Timeline zero on the container's clock, in microseconds: where picture or sound begins, within a frame. */
    zeroMicros: z.int(),
    rate: rationalSchema,
    frameCount: z.int().positive(),
    framesPerSegment: z.int().positive(),
    /** The parts of a source whose clock jumps, or whose pictures end early; absent: one. See `timelinePieces`. */
    pieces: z.array(pieceSchema).max(MOST_PIECES).optional(),
    /** In order; before the first one, and where there is none, the colours are those of the track. */
    colours: z.array(colourChangeSchema).max(MOST_COLOURS).optional(),
    /** Planned by the first part of a long film; all of it may say otherwise. */
    isProvisional: z.boolean().optional(),
    /**
     * The source is being written (`going`): the timeline is as long as is certain by now, in whole
     * segments, and gets longer. `over`: it was, and is whole.
     */
    growth: z.enum(["going", "over"]).optional(),
  })
  .refine((t) => t.frameCount <= MOST_SEGMENTS * t.framesPerSegment, {
    error: `more than ${MOST_SEGMENTS} segments`,
  });
export type Timeline = z.infer<typeof timelineSchema>;
/** A timeline but for its cut in segments. */
export type FilmTiming = Omit<Timeline, "framesPerSegment">;

/** Rates that films and broadcasts really have, frames a second. */
export const STANDARD_RATES: readonly Rational[] = [
  { num: 5, den: 1 },
  { num: 10, den: 1 },
  { num: 12, den: 1 },
  { num: 25, den: 2 },
  { num: 15000, den: 1001 },
  { num: 15, den: 1 },
  { num: 20, den: 1 },
  { num: 24000, den: 1001 },
  { num: 24, den: 1 },
  { num: 25, den: 1 },
  { num: 30000, den: 1001 },
  { num: 30, den: 1 },
  { num: 48000, den: 1001 },
  { num: 48, den: 1 },
  { num: 50, den: 1 },
  { num: 60000, den: 1001 },
  { num: 60, den: 1 },
];

/** The standard rate nearest to `framesPerSecond` (by ratio), at most 60. */
export function snapRate(framesPerSecond: number): Rational {
  let best: Rational = { num: 60, den: 1 };
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const rate of STANDARD_RATES) {
    const distance = Math.abs(Math.log((framesPerSecond * rate.den) / rate.num));
    if (distance < bestDistance) [best, bestDistance] = [rate, distance];
  }
  return best;
}

/** Frames in a segment of about `targetSeconds`; at least 1. 2 s at 24000/1001 are 48 frames (2.002 s). */
export const framesPerSegment = (rate: Rational, targetSeconds: number): number =>
  Math.max(1, Math.round((targetSeconds * rate.num) / rate.den));

export const segmentCount = (t: Timeline): number => Math.ceil(t.frameCount / t.framesPerSegment);

/** Frames [first, end) of segment `k`. */
export function segmentFrames(t: Timeline, k: number): { first: number; end: number } {
  const first = k * t.framesPerSegment;
  return { first, end: Math.min(first + t.framesPerSegment, t.frameCount) };
}

/** Seconds from timeline zero to the start of frame `frame`: one division, never a running sum. */
export const frameSeconds = (t: Pick<Timeline, "rate">, frame: number): number =>
  (frame * t.rate.den) / t.rate.num;

/** Seconds from timeline zero to the start of segment `k`. */
export const segmentStartSeconds = (t: Timeline, k: number): number =>
  frameSeconds(t, segmentFrames(t, k).first);

/** How many seconds segment `k` lasts. */
export function segmentSeconds(t: Timeline, k: number): number {
  const { first, end } = segmentFrames(t, k);
  return frameSeconds(t, end - first);
}

export const durationSeconds = (t: FilmTiming): number => frameSeconds(t, t.frameCount);

/** The segment that holds the frame shown at `seconds`, within [0, segmentCount). */
export function segmentAt(t: Timeline, seconds: number): number {
  const frame = Math.floor((seconds * t.rate.num) / t.rate.den + 1e-6);
  return Math.min(Math.max(0, Math.floor(frame / t.framesPerSegment)), segmentCount(t) - 1);
}

/**
 * Frames of PTS offset that every run adds to its timestamps, so that the reordering delay of
 * B-frames never asks for a negative DTS and runs that start anywhere meet on one clock.
 */
export const PTS_OFFSET_FRAMES = 240;

/** MPEG-TS PTS (90 kHz) of timeline frame `frame` in every segment that Upreel publishes. */
export const framePts90k = (t: Timeline, frame: number): number =>
  Math.round(((frame + PTS_OFFSET_FRAMES) * t.rate.den * PTS_PER_SECOND) / t.rate.num);

/** Name of segment `k` on disk and in URLs: `000123.ts`. */
export const segmentFileName = (k: number): string => `${String(k).padStart(6, "0")}.ts`;
