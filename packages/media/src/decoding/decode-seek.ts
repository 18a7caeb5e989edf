import { pieceAt, type PieceSpan, type Source, type Timeline } from "@upreel/core";

/** Pictures that are not shown where they say, or made of several: what is made of them depends on those before. */
const hasOddTimes = ({ scan, hasLooseTimes, isInterlaced }: Source["video"]): boolean =>
  isInterlaced || hasLooseTimes === true || (scan !== undefined && scan.kind !== "progressive");

/** So far before the wanted frame pictures are whole that are made of others: fields, and stripes that refresh them one by one. */
const MADE_OF_OTHERS_SECONDS = 2;

/**
 * Whether what begins so close by has to begin with a picture that stands alone. Encoders that refresh pictures of
 * H.264 stripe by stripe call those key frames where that begins, and no header tells of it.
 */
export const needsWholeStart = ({ video }: Source, marginSeconds: number): boolean =>
  video.codec === "h264" && marginSeconds < MADE_OF_OTHERS_SECONDS;

/** After a start so far ahead that was too late, or with no whole picture. */
export const nextMarginSeconds = (marginSeconds: number): number =>
  Math.max(2 * marginSeconds, MADE_OF_OTHERS_SECONDS);

/** Where key frames are further apart, trying again and again ever further ahead takes longer. */
const SPARSE_SECONDS = 12;

/** Enough for every container: encoders' GOPs are 10 s at most, as a rule. */
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
 * The first frame whose picture is wanted. The one that stays at the end of a piece is, however long it
 * has stayed: all frames there are the same.
 */
export function wantedFrame(timeline: Timeline, { firstFrame, stillFrom }: PieceSpan): number {
  const piece = pieceAt(timeline, firstFrame);
  const last = Math.max((stillFrom ?? Infinity) - 1, piece.firstFrame);
  return Math.min(firstFrame, last);
}
