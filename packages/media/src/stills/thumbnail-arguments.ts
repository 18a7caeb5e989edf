import {
  filmPartsWithin,
  frameSeconds,
  type FilmPart,
  type Source,
  type Timeline,
  type VideoTrack,
} from "@upreel/core";
import { completeColour, isRgbFormat, scaleMatrixName } from "../picture/colour.ts";
import { trackAt } from "../colours/colours-at.ts";
import { SAFE_MARGIN_SECONDS } from "../decoding/decode-seek.ts";
import { cubePath } from "../hdr/cube-file.ts";
import { toneMapFilters } from "../hdr/tone-map-filters.ts";
import { fileUrl } from "../ffmpeg/media-input.ts";
import { partInput } from "../ffmpeg/part-input.ts";
import type { Size } from "../picture/picture-size.ts";

export interface ThumbnailRequest {
  readonly source: Source;
  readonly timeline: Timeline;
  /** The first picture of the sheet, and how far apart they are. */
  readonly fromSeconds: number;
  readonly stepSeconds: number;
  readonly columns: number;
  readonly rows: number;
  /** The size of one picture. */
  readonly width: number;
  readonly height: number;
  /** Whether only key frames are decoded, so that each place shows the key frame before it. */
  readonly fromKeyFrames: boolean;
  /** The JPEG to write. */
  readonly target: string;
}

/**
 * ffmpeg arguments that make one sheet of small pictures of a film; places after its end stay black.
 * `writeColourTables` first.
 */
export function thumbnailArguments(request: ThumbnailRequest): string[] {
  const { source, columns, rows, fromKeyFrames } = request;
  const strips = stripsOf(request);
  const options = [...(fromKeyFrames ? ["-skip_frame", "nokey"] : []), "-threads", "1"];
  return [
    ...["-nostdin", "-hide_banner", "-loglevel", "error", "-y", "-copyts"],
    ...strips.flatMap(({ part, fromSeconds }) =>
      partInput(source, part, { fromSeconds: fromSeconds - SAFE_MARGIN_SECONDS, options }),
    ),
    ...["-filter_complex", `${joinStrips(strips, request)},tile=${columns}x${rows}[sheet]`],
    ...["-map", "[sheet]", "-fps_mode", "passthrough", "-frames:v", "1"],
    ...["-c:v", "mjpeg", "-pix_fmt", "yuvj420p", "-q:v", "5"],
    // ffmpeg would take a % in the name for a number.
    ...["-update", "1", "-f", "image2", fileUrl(request.target)],
  ];
}

/** Places [first, end) of a sheet, whose pictures lie in one part of the film and have the same colours. */
interface Strip {
  readonly part: FilmPart;
  readonly video: VideoTrack;
  readonly first: number;
  readonly end: number;
  /** The moment of the film that the first one shows. */
  readonly fromSeconds: number;
}

function stripsOf(request: ThumbnailRequest): Strip[] {
  const { source, timeline, fromSeconds, stepSeconds, columns, rows } = request;
  const places = columns * rows;
  const changes = [0, ...(timeline.colours ?? []).map(({ firstFrame }) => firstFrame)];
  const placeAt = (seconds: number): number =>
    Math.min(places, Math.max(0, Math.ceil((seconds - fromSeconds) / stepSeconds)));
  return filmPartsWithin(timeline, fromSeconds, fromSeconds + places * stepSeconds)
    .flatMap((part) =>
      changes.map((frame, n): Strip => {
        const next = changes[n + 1];
        const ends = next === undefined ? Infinity : frameSeconds(timeline, next);
        const first = placeAt(Math.max(part.startSeconds, frameSeconds(timeline, frame)));
        const end = placeAt(Math.min(part.endSeconds, ends));
        const video = trackAt(source, timeline, frame);
        return { part, video, first, end, fromSeconds: fromSeconds + first * stepSeconds };
      }),
    )
    .filter(({ first, end }) => first < end);
}

/** Filters that give the pictures of a sheet in the order of its places. */
function joinStrips(strips: readonly Strip[], request: ThumbnailRequest): string {
  const { source, stepSeconds, width, height } = request;
  const pictures = strips.map(({ part, video, first, end, fromSeconds }, input) => {
    const start = (fromSeconds - part.offsetSeconds).toFixed(6);
    return [
      `[${input}:${source.video.index}]settb=1/1000000`,
      // The last picture stays, or a place between it and the end would show the one before.
      `tpad=stop_mode=clone:stop_duration=${2 * stepSeconds}`,
      `fps=1/${stepSeconds}:start_time=${start}:round=up:eof_action=round`,
      `trim=end_frame=${end - first}`,
      ...smallPictures(video, { width, height }),
      "setsar=1",
    ].join(",");
  });
  const [only, more] = pictures;
  if (only !== undefined && more === undefined) return only;
  const placed = pictures.map((filters, n) => {
    const first = strips[n]?.first ?? 0;
    // Not at full seconds: there the end of the last picture may be rounded to its beginning.
    return `${filters},settb=1/10,setpts=10*(N+${first})+3[${n}]`;
  });
  const all = strips.map((_, n) => `[${n}]`).join("");
  // A place without a picture, which would move those behind it, shows the one before.
  const filled = "fps=1:start_time=0:round=down:eof_action=pass";
  return [...placed, `${all}interleave=nb_inputs=${strips.length},${filled}`].join(";");
}

/** The colours of JPEG: the matrix of BT.601, full range. */
function smallPictures(video: VideoTrack, size: Size): string[] {
  if (video.hdr !== undefined)
    return [
      ...toneMapFilters({
        video,
        lookUp: { by: "table", file: cubePath(video.hdr) },
        size,
        pixelFormat: "gbrp",
      }),
      `scale=${JPEG_COLOUR}`,
      JPEG_FORMAT,
    ];
  const { matrix, range } = completeColour(video.colour, video.height);
  const incoming = isRgbFormat(video.pixelFormat)
    ? ""
    : `:in_color_matrix=${scaleMatrixName(matrix)}:in_range=${range}`;
  return [`scale=${size.width}:${size.height}:flags=area${incoming}:${JPEG_COLOUR}`, JPEG_FORMAT];
}

const JPEG_COLOUR = "out_color_matrix=bt601:out_range=pc";
const JPEG_FORMAT = "format=yuvj420p";
