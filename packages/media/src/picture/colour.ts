import type { VideoTrack } from "@upreel/core";
import type { FfprobeStream } from "../ffmpeg/ffprobe-json.ts";

type Colour = VideoTrack["colour"];

const known = (value: string | undefined): string | undefined =>
  value === undefined || value === "unknown" || value === "reserved" || value === "unspecified"
    ? undefined
    : value;

type ColourFields = Pick<
  FfprobeStream,
  | "pix_fmt"
  | "color_range"
  | "color_space"
  | "color_primaries"
  | "color_transfer"
  | "chroma_location"
>;

/** What the file says of its colours. */
export function colourOf(stream: ColourFields): Colour {
  const isJpegRange = stream.pix_fmt?.startsWith("yuvj") === true;
  const range = isJpegRange ? "pc" : stream.color_range;
  return {
    range: range === "pc" || range === "tv" ? range : undefined,
    matrix: known(stream.color_space),
    primaries: known(stream.color_primaries),
    transfer: known(stream.color_transfer),
    chromaLocation: known(stream.chroma_location),
  };
}

/** A colour with nothing left open. */
export interface FullColour {
  readonly range: "tv" | "pc";
  readonly matrix: string;
  readonly primaries: string;
  readonly transfer: string;
  readonly chromaLocation: string | undefined;
}

/**
 * Fills in what the file leaves open the way players do: from the height of the source. It must be
 * written into the output, since a player would guess again, from the larger output, and be wrong.
 */
export function completeColour(colour: Colour, sourceHeight: number): FullColour {
  const guess = sourceHeight >= 720 ? "bt709" : sourceHeight === 576 ? "bt470bg" : "smpte170m";
  const matrix = colour.matrix === undefined || isRgb(colour.matrix) ? undefined : colour.matrix;
  // RGB sources become YUV of the usual kind.
  const wasRgb = colour.matrix !== undefined && isRgb(colour.matrix);
  return {
    range: wasRgb ? "tv" : (colour.range ?? "tv"),
    matrix: matrix ?? (wasRgb ? "bt709" : guess),
    primaries: colour.primaries ?? primariesOf(matrix ?? guess) ?? guess,
    transfer: colour.transfer ?? (guess === "bt709" ? "bt709" : "smpte170m"),
    chromaLocation: colour.chromaLocation,
  };
}

/** The primaries that go with a matrix, where they bear one name. */
function primariesOf(matrix: string): string | undefined {
  if (matrix.startsWith("bt2020")) return "bt2020";
  return ["bt709", "smpte170m", "bt470bg", "smpte240m"].includes(matrix) ? matrix : undefined;
}

const isRgb = (matrix: string): boolean => matrix === "gbr" || matrix === "rgb";

/** Whether pictures of this pixel format have no matrix and no range. */
export const isRgbFormat = (pixelFormat: string): boolean =>
  /^(gbr|rgb|bgr|argb|abgr)/.test(pixelFormat);

/** ffmpeg's scale filter has its own, fewer names for the matrices. */
export function scaleMatrixName(matrix: string): string {
  if (matrix.startsWith("bt2020")) return "bt2020";
  if (matrix === "bt470bg") return "bt470";
  return ["bt709", "smpte170m", "fcc", "smpte240m"].includes(matrix) ? matrix : "bt709";
}

/** ffprobe prints two transfers by names that ffmpeg's option does not take. */
export function transferOption(transfer: string): string {
  if (transfer === "bt470m") return "gamma22";
  return transfer === "bt470bg" ? "gamma28" : transfer;
}
