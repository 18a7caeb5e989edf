import type { TracksAnswer } from "@upreel/core";
import { PTS_PER_SECOND } from "@upreel/core/plain";
import { call } from "../api/gateway.ts";

/**
 * Media time 0 of a video element is wherever its stream's first timestamp was, with B-frames a little
 * before the first picture: two streams of one film are some frames apart on their elements' clocks.
 * This turns media time into seconds of the film and back.
 */
export interface FilmClock {
  readonly toFilm: (mediaSeconds: number) => number;
  readonly toMedia: (filmSeconds: number) => number;
  /** The timestamp that hls.js has put at media time 0, in units of 1 / `timescale` s. */
  readonly startsAt: (timestamp: number, timescale: number) => void;
}

/** Until `startsAt` is told, and where the film's zero is not known, both times are the same. */
export function createFilmClock(zeroPts90k: number | undefined): FilmClock {
  let shift = 0;
  return {
    toFilm: (mediaSeconds) => mediaSeconds + shift,
    toMedia: (filmSeconds) => Math.max(0, filmSeconds - shift),
    startsAt(timestamp, timescale) {
      if (zeroPts90k !== undefined) shift = timestamp / timescale - zeroPts90k / PTS_PER_SECOND;
    },
  };
}

/** The timestamp of the film's second 0, in 90 kHz; asked for once, again only after a failure. */
export function zeroOf(id: string): () => Promise<number | undefined> {
  let known: number | undefined;
  return async () => {
    known ??= await call<Pick<TracksAnswer, "zero_pts_90k">>(`tracks/${id}`).then(
      ({ zero_pts_90k: zero }) => zero,
      () => undefined,
    );
    return known;
  };
}
