import { pieceAt, type Timeline } from "@upreel/core";
import type { DecodeSpan } from "../colours/colours-at.ts";
import { frameOfPicture } from "../packet-index/lost-pictures.ts";

/**
 * Filters that write down each picture as it comes from the decoder, on descriptor 3: a line with its time in
 * microseconds of the source's clock, and a line with a mark, without which the filter would write nothing.
 */
export const TELL_PICTURES: readonly string[] = [
  "settb=1/1000000",
  "metadata=mode=add:key=upreel:value=1",
  "metadata=mode=print:key=upreel:file='pipe\\:3':direct=1",
];

const PICTURE = /^frame:\d+\s+pts:(-?\d+)/;

export interface DecodedCount {
  /** Takes what was written to descriptor 3, as it comes. */
  readonly add: (text: string) => void;
  /** How many pictures are shown in each segment; only segments of the span are counted. */
  readonly bySegment: ReadonlyMap<number, number>;
}

/** Counts what the decoder of `span` gave. */
export function countDecoded(timeline: Timeline, span: DecodeSpan): DecodedCount {
  const { rate, framesPerSegment } = timeline;
  const piece = pieceAt(timeline, span.firstFrame);
  const bySegment = new Map<number, number>();
  let rest = "";
  const note = (line: string): void => {
    const micros = PICTURE.exec(line)?.[1];
    if (micros === undefined) return;
    const frame = piece.firstFrame + frameOfPicture(Number(micros), piece.clockMicros, rate);
    // Pictures before and behind the span are decoded, too, but shown nowhere.
    if (frame < span.firstFrame || frame >= span.firstFrame + span.frames) return;
    const segment = Math.floor(frame / framesPerSegment);
    bySegment.set(segment, (bySegment.get(segment) ?? 0) + 1);
  };
  return {
    add(text) {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) note(line);
    },
    bySegment,
  };
}
