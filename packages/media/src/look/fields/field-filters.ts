import {
  formatRational,
  toNumber,
  type PieceSpan,
  type Rational,
  type VideoTrack,
} from "@upreel/core";
import { canBeInterlaced } from "../../tracks/video-track.ts";

/** Five pictures of telecined video are four pictures of film. */
const CYCLE = 5;
const CYCLE_FILM = 4;

/** The rate of the film in a video of `rate`. */
export const filmRate = (rate: Rational): Rational => times(rate, CYCLE_FILM, CYCLE);
const videoRate = (rate: Rational): Rational => times(rate, CYCLE, CYCLE_FILM);

const times = ({ num, den }: Rational, by: number, per: number): Rational =>
  (num * by) % per === 0 ? { num: (num * by) / per, den } : { num: num * by, den: den * per };

const deinterlace = (which: "all" | "interlaced", order: "tff" | "bff" | "auto"): string =>
  `bwdif=mode=send_frame:parity=${order}:deint=${which}`;

/** Filters that come before all others and mark the order of the fields, which the others have to know. */
export const markFields = ({ scan }: VideoTrack): string[] =>
  scan?.kind === "interlaced" && scan.order !== undefined ? [`setfield=${scan.order}`] : [];

/**
 * Filters that make whole pictures of fields; pictures that are whole pass as they are. Telecine is undone
 * by `undoTelecine`.
 */
export function joinFields(video: VideoTrack): string[] {
  const { scan, codec } = video;
  const order = scan?.order ?? "auto";
  switch (scan?.kind) {
    case "interlaced":
      return [deinterlace("all", order)];
    case "mixed":
      return matchFields(order);
    case "progressive":
      // Flagged as interlaced: what is so somewhere else in the film is found there.
      return video.isInterlaced ? matchFields(order) : flagged(codec);
    case "telecine":
      return [];
    case undefined:
      return flagged(codec);
  }
}

/** Pictures that are not flagged as interlaced pass as they are. */
const flagged = (codec: string): string[] =>
  canBeInterlaced(codec) ? [deinterlace("interlaced", "auto")] : [];

/**
 * Combed pixels in a block of 16×16 that make a picture a combed one: an edge that moves by a pixel from
 * field to field. ffmpeg's 80 leave all but fast motion as it is.
 */
const COMBED_PIXELS = 16;

/** Finds pictures that are woven of two, weaves them right where that can be, and marks those that stay combed. */
const matchFields = (order: "tff" | "bff" | "auto"): string[] => [
  `fieldmatch=order=${order}:mode=pc_n:combmatch=full:combpel=${COMBED_PIXELS}`,
  deinterlace("interlaced", order),
];

/** Cycles before the wanted picture, in which the filters see what they compare with. */
const WARM_UP_CYCLES = 2;
/** Pictures behind the last one: a cycle is told by all of its pictures. */
const TAIL = 2 * CYCLE;

/** Where on the clock of its piece decoding of a telecined film has to begin, for frame `frame` of it. */
const firstCycleSeconds = (
  rate: Rational,
  piece: Pick<PieceSpan, "clockMicros">,
  frame: number,
): number => {
  // Before the first picture there would be repeats of it, and it would be dropped as one of them.
  const cycle = Math.max(0, Math.floor(frame / CYCLE_FILM) - WARM_UP_CYCLES);
  return piece.clockMicros / 1e6 + (cycle * CYCLE_FILM) / toNumber(rate);
};

export interface TelecineRequest {
  readonly video: VideoTrack;
  /** Of the timeline: that of the film. */
  readonly rate: Rational;
  /** With the clock at its own first frame. */
  readonly piece: Pick<PieceSpan, "clockMicros">;
  /** First wanted frame, counted from that of the piece. */
  readonly frame: number;
  /** How far the clock of the frames is moved against that of the pictures, as a part of a frame. */
  readonly shift: number;
}

/**
 * Filters that undo 3:2 pulldown: five pictures of video become four, and their times those of film. The
 * cycles are counted from the beginning of the piece, so that a run which begins elsewhere drops the
 * same pictures.
 */
export function undoTelecine({ video, rate, piece, frame, shift }: TelecineRequest): {
  readonly filters: string[];
  /** When the first picture that they need is shown. */
  readonly fromSeconds: number;
} {
  const source = videoRate(rate);
  const fromSeconds = firstCycleSeconds(rate, piece, frame);
  const start = (fromSeconds - shift / toNumber(source)).toFixed(6);
  const order = video.scan?.order ?? "auto";
  return {
    fromSeconds,
    filters: [
      `fps=${formatRational(source)}:start_time=${start}:round=down:eof_action=pass`,
      `tpad=stop=${TAIL}:stop_mode=clone`,
      ...matchFields(order),
      `decimate=cycle=${CYCLE}`,
      "settb=1/1000000",
      `setpts='round(${Math.round(fromSeconds * 1e6)}+N*1e6*${rate.den}/${rate.num})'`,
    ],
  };
}
