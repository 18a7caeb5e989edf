import type { FilmPart, Source } from "@upreel/core";
import { isBroadcast } from "./broadcast-format.ts";
import { filmInput, filmSlice } from "./media-input.ts";

export interface PartRequest {
  /** The moment of the film to begin reading at, or a little before; absent: where the part begins. */
  readonly fromSeconds?: number | undefined;
  /** Where the film begins on the clock that packets come on. Absent: they stay on the source's. */
  readonly zeroSeconds?: number | undefined;
  /** More options of this input. */
  readonly options?: readonly string[] | undefined;
}

/**
 * A part of a film as an input of ffmpeg: whatever reads a film begins here, so that pictures, sound,
 * subtitles and thumbnails agree on what is shown when.
 */
export function partInput(source: Source, part: FilmPart, request: PartRequest = {}): string[] {
  const { fromSeconds = part.startSeconds, zeroSeconds, options = [] } = request;
  const seek = seekSeconds(source, part, fromSeconds);
  const all = [
    ...(zeroSeconds === undefined
      ? []
      : ["-itsoffset", (part.offsetSeconds + zeroSeconds + nudge(source)).toFixed(6)]),
    // By the clock itself: what ffmpeg takes for a file's start time is another matter.
    ...(seek === undefined
      ? []
      : ["-seek_timestamp", "1", "-noaccurate_seek", "-ss", seek.toFixed(6)]),
    ...options,
  ];
  if (part.bytes === undefined) return filmInput(source.path, ...all);
  return filmSlice(source.path, part.bytes, ...all);
}

/**
 * A shift to exactly where a transport stream begins is taken by ffmpeg for its own default, and replaced by a shift to the
 * first packet that it reads: subtitles, or sound that begins later than the pictures, would come too early. A microsecond
 * more prevents that; it is far less than a tick of such a stream's clock, and moves nothing.
 */
const nudge = ({ format }: Pick<Source, "format">): number => (isBroadcast(format) ? 1e-6 : 0);

/** Sums of seconds are off by less: a seek to the very beginning can land behind it. */
const ROUNDING_SECONDS = 1e-6;

/** Where on the clock of a part `fromSeconds` of the film lies; undefined: where it begins, or before. */
export function seekSeconds(
  source: Pick<Source, "format">,
  part: FilmPart,
  fromSeconds: number,
): number | undefined {
  const clock = fromSeconds - part.offsetSeconds;
  const isInside = clock > part.clockStartSeconds + ROUNDING_SECONDS;
  return isInside && canSeek(source) ? clock : undefined;
}

/** Raw streams have no timestamps to seek by: they are read from their beginning. */
const canSeek = ({ format }: Pick<Source, "format">): boolean =>
  !/^(h264|hevc|mpegvideo|m4v|vc1|obu|ivf)$/.test(format);
