import { pieceAt, type PieceSpan, type Source, type Timeline } from "@upreel/core";

/** Pictures whose times are wrong, or that are woven of several: what becomes of one depends on the pictures before it. */
const hasOddTimes = ({ scan, hasLooseTimes, isInterlaced }: Source["video"]): boolean =>
  isInterlaced || hasLooseTimes === true || (scan !== undefined && scan.kind !== "progressive");

/** A decoder that begins so far ahead gives whole pictures, even of fields and of stripes that are refreshed one by one. */
const MADE_OF_OTHERS_SECONDS = 2;

/**
 * Whether a decoder that begins so close to the wanted frame has to begin with a picture that stands alone. Encoders that
 * refresh H.264 stripe by stripe mark the picture with the first stripe as a key frame, and no header tells of it.
 */
export const needsWholeStart = ({ video }: Source, marginSeconds: number): boolean =>
  video.codec === "h264" && marginSeconds < MADE_OF_OTHERS_SECONDS;

/** How far ahead to begin next, after a start that was too late or gave no whole picture. */
export const nextMarginSeconds = (marginSeconds: number): number =>
  Math.max(2 * marginSeconds, MADE_OF_OTHERS_SECONDS);

/** Where key frames are further apart than this, to begin before the last one at once is quicker than to try again and again. */
const SPARSE_SECONDS = 12;

/** A margin that is enough in every container: as a rule, encoders' GOPs have 10 s at most. */
export const SAFE_MARGIN_SECONDS = 12;

/**
 * How far before the wanted frame a decoder begins at first, in seconds. With an index a seek lands on
 * the key frame before; MPEG-TS and PS are searched by timestamps and land up to a GOP late, where
 * most GOPs are short. Every second decoded in vain is one that a viewer waits for.
 */
export function decodeMarginSeconds({ format, video }: Source): number {
  if (/^(mov|matroska)/.test(format)) return hasOddTimes(video) ? MADE_OF_OTHERS_SECONDS : 0.5;
  const usual = /^(mpegts|mpeg|avi)$/.test(format) ? 4 : SAFE_MARGIN_SECONDS;
  const { longestGroupSeconds = 0 } = video;
  return longestGroupSeconds > SPARSE_SECONDS ? longestGroupSeconds + usual : usual;
}

/**
 * The first frame whose picture is wanted. Within the still picture at the end of a piece that is always its first
 * frame, since all frames there are the same.
 */
export function wantedFrame(timeline: Timeline, { firstFrame, stillFrom }: PieceSpan): number {
  const piece = pieceAt(timeline, firstFrame);
  const last = Math.max((stillFrom ?? Infinity) - 1, piece.firstFrame);
  return Math.min(firstFrame, last);
}
