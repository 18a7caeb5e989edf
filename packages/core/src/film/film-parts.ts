import { timelinePieces } from "./timeline-pieces.ts";
import { frameSeconds, type FilmTiming } from "./timeline.ts";

/** What of the film lies in one piece of the source, with the way from its clock to the film and back. */
export interface FilmPart {
  /** Seconds of the film; parts cover it without a gap. */
  readonly startSeconds: number;
  readonly endSeconds: number;
  /** Seconds of the source's clock plus this are seconds of the film. */
  readonly offsetSeconds: number;
  /** Where the clock begins for whoever opens the source as `bytes` says. */
  readonly clockStartSeconds: number;
  /** Of the file, to be opened as if they were all of it; `to` 0: up to its end. Absent: all of it. */
  readonly bytes: { readonly from: number; readonly to: number } | undefined;
}

/** The film, part by part; most films are one. All that is made from a source is laid on it by these. */
export function filmParts(t: FilmTiming): FilmPart[] {
  return timelinePieces(t).map(({ firstFrame, endFrame, clockMicros, fromByte, toByte }) => {
    const startSeconds = frameSeconds(t, firstFrame);
    const hasOwnClock = fromByte !== undefined;
    return {
      ...{ startSeconds, endSeconds: frameSeconds(t, endFrame) },
      offsetSeconds: startSeconds - clockMicros / 1e6,
      clockStartSeconds: (hasOwnClock ? clockMicros : t.zeroMicros) / 1e6,
      bytes: hasOwnClock ? { from: fromByte, to: toByte ?? 0 } : undefined,
    };
  });
}

/** The parts that something of [fromSeconds, toSeconds) of the film lies in. */
export const filmPartsWithin = (
  t: FilmTiming,
  fromSeconds: number,
  toSeconds: number,
): FilmPart[] =>
  filmParts(t).filter((part) => part.startSeconds < toSeconds && part.endSeconds > fromSeconds);

/** The part that is shown at `seconds` of the film; the first or last one outside it. */
export function filmPartAt(t: FilmTiming, seconds: number): FilmPart {
  const parts = filmParts(t);
  const found = parts.findLast(({ startSeconds }) => startSeconds <= seconds) ?? parts[0];
  if (found === undefined) throw new RangeError("a timeline without a piece");
  return found;
}

/**
 * The moment of the film at which the clock of all of the source says `clockSeconds`, within the film;
 * in what is closed between two parts: the beginning of the later one.
 */
export function filmSeconds(t: FilmTiming, clockSeconds: number): number {
  const parts = filmParts(t);
  const part =
    parts.findLast((each) => clockSeconds + each.offsetSeconds >= each.startSeconds) ?? parts[0];
  const seconds = clockSeconds + (part?.offsetSeconds ?? 0);
  return Math.min(Math.max(0, seconds), part?.endSeconds ?? 0);
}
