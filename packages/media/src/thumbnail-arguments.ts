import type { Source, Timeline } from "@upreel/core";
import { completeColour, isRgbFormat, scaleMatrixName } from "./colour.ts";
import { SAFE_MARGIN_SECONDS } from "./decode-seek.ts";
import { toneMapFilters } from "./hdr/tone-map-filters.ts";
import { fileUrl, filmInput } from "./media-input.ts";
import type { Size } from "./picture-size.ts";

export interface ThumbnailRequest {
  readonly source: Source;
  readonly timeline: Timeline;
  /** The first picture of the sheet, and how far apart they are. */
  readonly fromSeconds: number;
  readonly stepSeconds: number;
  readonly columns: number;
  readonly rows: number;
  /** Of one picture. */
  readonly width: number;
  readonly height: number;
  /** Decodes key frames alone: each place shows the one before it. Else every picture. */
  readonly fromKeyFrames: boolean;
  /** The JPEG to write. */
  readonly target: string;
}

/**
 * ffmpeg arguments that make one sheet of small pictures of a film; places after its end stay black.
 * Of an HDR film: `writeCube` first.
 */
export function thumbnailArguments(request: ThumbnailRequest): string[] {
  const { source, timeline, fromSeconds, stepSeconds, columns, rows, width, height } = request;
  const seek = fromSeconds - SAFE_MARGIN_SECONDS;
  const start = (timeline.zeroMicros / 1e6 + fromSeconds).toFixed(6);
  const filters = [
    "settb=1/1000000",
    `fps=1/${stepSeconds}:start_time=${start}:round=up:eof_action=round`,
    ...smallPictures(source, { width, height }),
    "setsar=1",
    `tile=${columns}x${rows}`,
  ];
  return [
    ...["-nostdin", "-hide_banner", "-loglevel", "error", "-y", "-copyts"],
    ...(request.fromKeyFrames ? ["-skip_frame", "nokey"] : []),
    ...(seek > 0 ? ["-ss", seek.toFixed(6)] : []),
    ...filmInput(source.path, "-threads", "1"),
    ...["-map", `0:${source.video.index}`, "-an", "-sn", "-dn"],
    ...["-vf", filters.join(","), "-fps_mode", "passthrough", "-frames:v", "1"],
    ...["-c:v", "mjpeg", "-pix_fmt", "yuvj420p", "-q:v", "5"],
    // ffmpeg would take a % in the name for a number.
    ...["-update", "1", "-f", "image2", fileUrl(request.target)],
  ];
}

/** As JPEG has them: the matrix of BT.601, full range. */
function smallPictures({ video }: Source, size: Size): string[] {
  if (video.hdr !== undefined)
    return [
      ...toneMapFilters({ video, hdr: video.hdr, size, pixelFormat: "gbrp" }),
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
