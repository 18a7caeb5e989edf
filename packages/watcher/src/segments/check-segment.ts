import type { Reason } from "@upreel/core";
import { checkSound, type ExpectedSound } from "./check-sound.ts";
import {
  inspectSegment,
  type Picture,
  type SegmentInspection,
} from "../transport-stream/inspect-segment.ts";

export interface ExpectedSegment {
  readonly pictures: number;
  readonly firstPts90k: number;
  /** 90 kHz ticks of one frame; it need not be a whole number. */
  readonly frameTicks: number;
  /** undefined: sound is not checked. */
  readonly sound?: ExpectedSound | undefined;
}

export interface SegmentProblem extends Reason {
  /**
   * Everything that can be checked is right, but the file ends just where its last picture may have been cut. It is
   * believed once the run has written something good after it.
   */
  readonly isDoubt: boolean;
}

/** The first thing that is wrong with a segment; undefined if the bytes are the whole segment that is expected. */
export function checkSegment(
  bytes: Uint8Array,
  expected: ExpectedSegment,
): SegmentProblem | undefined {
  if (bytes.length === 0) return problem("is empty", "> 0 bytes", "0 bytes");
  const found = inspectSegment(bytes);
  return (
    checkPackets(bytes, found) ??
    checkPictures(found, expected) ??
    checkEnd(found) ??
    silence(found, expected)
  );
}

function checkPackets(bytes: Uint8Array, found: SegmentInspection): SegmentProblem | undefined {
  if (found.looseBytes !== 0) {
    return problem("ends inside a packet", "a multiple of 188 bytes", `${bytes.length} bytes`);
  }
  if (found.lostSyncAt !== undefined) {
    return problem("is no MPEG-TS", "a sync byte", `none at byte ${found.lostSyncAt}`);
  }
  if (found.videoCodec === undefined) {
    return problem("has no H.264 or HEVC video", "a video stream", "none");
  }
  if (found.continuityGaps > 0) {
    return problem("lacks packets", "no continuity gap", `${found.continuityGaps}`);
  }
  return undefined;
}

function checkPictures(
  found: SegmentInspection,
  expected: ExpectedSegment,
): SegmentProblem | undefined {
  const { pictures } = found;
  if (pictures.length !== expected.pictures) {
    const got = `${pictures.length} pictures`;
    return problem("has a wrong length", `${expected.pictures} pictures`, got);
  }
  if (pictures[0]?.isIdr !== true) return problem("does not start with an IDR", "an IDR", "none");
  return checkTimes(found, expected);
}

/** Every picture stands on the timeline's grid, each frame once, whatever the coding order. */
function checkTimes(
  found: SegmentInspection,
  expected: ExpectedSegment,
): SegmentProblem | undefined {
  const times = found.pictures.map((picture) => picture.pts90k ?? Number.NaN);
  const first = times[0]!;
  const sorted = times.toSorted((a, b) => a - b);
  for (const [index, pts] of sorted.entries()) {
    // A PTS has 33 bits: it wraps after 26.5 hours.
    const wanted = (expected.firstPts90k + index * expected.frameTicks) % 2 ** 33;
    if (!(Math.abs(pts - wanted) <= 2)) {
      return problem(`shows frame ${index} at a wrong time`, ticks(wanted), ticks(pts));
    }
  }
  if (first === sorted[0]) return undefined;
  return problem("starts late", ticks(expected.firstPts90k), ticks(first));
}

function checkEnd(found: SegmentInspection): SegmentProblem | undefined {
  if (found.brokenAudioPackets > 0) {
    const got = `${found.brokenAudioPackets} broken`;
    return problem("holds broken audio packets", "whole audio packets", got);
  }
  if (found.lastPicture === "whole") return undefined;
  const isDoubt = found.lastPicture === "maybe";
  const got = isDoubt ? "an end that may be a cut" : "a cut one";
  return { ...problem("may lack the end of its last picture", "a whole picture", got), isDoubt };
}

function silence(
  { sound, pictures }: SegmentInspection,
  { sound: expected, frameTicks }: ExpectedSegment,
): SegmentProblem | undefined {
  if (expected === undefined) return undefined;
  const missing = checkSound(sound, expected, decodedEarly(pictures) * frameTicks);
  return missing === undefined ? undefined : { ...missing, isDoubt: false };
}

/** How many frames earlier than they are shown pictures are decoded; they are written so much earlier than their sound. */
function decodedEarly(pictures: readonly Picture[]): number {
  const times = pictures.map(({ pts90k = 0 }) => pts90k);
  const order = new Map(times.toSorted((a, b) => a - b).map((pts, shown) => [pts, shown]));
  return Math.max(...times.map((pts, written) => written - (order.get(pts) ?? written)));
}

const ticks = (pts: number): string => `PTS ${Math.round(pts)}`;

const problem = (what: string, expected: string, got: string): SegmentProblem => ({
  code: "encoder_failed",
  message: `segment ${what}`,
  expected,
  got,
  isDoubt: false,
});
