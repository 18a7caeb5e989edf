import { readOptions, valueOf, type FfmpegOption } from "./ffmpeg-options.ts";
import { softwareFilters } from "./video-filters.ts";

/** A transcode to HLS, as Jellyfin orders it from ffmpeg. */
export interface HlsCommand {
  /** What stands before the last `-i`, with it: of all inputs. */
  readonly inputs: readonly FfmpegOption[];
  readonly output: readonly FfmpegOption[];
  readonly inputCount: number;
  /** The film's file. */
  readonly path: string;
  readonly seekSeconds: number;
  readonly segmentSeconds: number;
  /** The number of the first segment, which begins at `seekSeconds`. */
  readonly firstSegment: number;
  /** Where segments are written: a path with `%d` for the number. */
  readonly segmentPath: string;
  readonly encoder: string;
  /** The filters of its picture that know no hardware. */
  readonly filters: readonly string[];
}

/** Why a command is left to Jellyfin's own ffmpeg. */
export interface Refusal {
  readonly whyNot: string;
}

export const VIDEO_CODEC_NAMES = ["codec:v:0", "c:v:0", "codec:v", "c:v", "vcodec"];
export const VIDEO_FILTER_NAMES = ["vf", "filter:v", "filter:v:0"];

/**
 * Encoders that take pictures from memory, and those in whose place libx264 is put: pictures would have to be
 * brought to their hardware first.
 */
const TAKES_PICTURES = /^(libx26[45]|(h264|hevc)_(nvenc|amf|videotoolbox))$/;
export const NEEDS_HARDWARE_PICTURES = /^h264_(vaapi|qsv|rkmpp|v4l2m2m)$/;

/** Reads Jellyfin's order by the names of its options; their order differs from version to version. */
export function readHlsCommand(words: readonly string[]): HlsCommand | Refusal {
  const options = readOptions(words);
  const lastInput = options.findLastIndex(({ name }) => name === "i");
  const inputs = options.slice(0, lastInput + 1);
  const output = options.slice(lastInput + 1);
  const firstInput = inputs.findIndex(({ name }) => name === "i");
  const input = inputs[firstInput]?.value ?? "";
  if (valueOf(output, "f") !== "hls") return { whyNot: "it makes no HLS" };
  if (!input.startsWith("file:")) return { whyNot: `its input is no file: ${input.slice(0, 100)}` };
  const encoder = valueOf(output, ...VIDEO_CODEC_NAMES) ?? "";
  if (encoder === "copy") return { whyNot: "its picture is copied" };
  if (!TAKES_PICTURES.test(encoder) && !NEEDS_HARDWARE_PICTURES.test(encoder))
    return { whyNot: `the encoder ${encoder || "is not named"}` };
  if (valueOf(output, "filter_complex", "lavfi") !== undefined)
    return { whyNot: "subtitles are drawn into its picture" };
  if (output.some(({ name }) => name === "start_at_zero")) return { whyNot: "its clock is moved" };
  const type = valueOf(output, "hls_playlist_type") ?? "";
  if (type !== "vod") return { whyNot: `a playlist of the type ${type || "live"}` };
  const filters = softwareFilters(valueOf(output, ...VIDEO_FILTER_NAMES));
  if ("whyNot" in filters) return filters;
  const numbers = {
    seekSeconds: readSeconds(valueOf(inputs.slice(0, firstInput), "ss") ?? "0"),
    segmentSeconds: Number(valueOf(output, "hls_time")),
    firstSegment: Number(valueOf(output, "start_number") ?? "0"),
  };
  const segmentPath = valueOf(output, "hls_segment_filename") ?? "";
  const map = output.find(({ name }) => name === "map")?.value ?? "";
  const isRead =
    Object.values(numbers).every((value) => Number.isFinite(value) && value >= 0) &&
    numbers.segmentSeconds > 0 &&
    segmentPath.split("%d").length === 2 &&
    /^0:\w/.test(map);
  if (!isRead) return { whyNot: "options of a form that is not known" };
  return {
    ...{ inputs, output, path: input.slice("file:".length), ...numbers, segmentPath, encoder },
    inputCount: inputs.filter(({ name }) => name === "i").length,
    filters: filters.kept,
  };
}

/** `90.5` or `00:01:30.500`; NaN for anything else. */
function readSeconds(text: string): number {
  const parts = text.split(":").map((part) => (/^\d+(\.\d+)?$/.test(part) ? Number(part) : NaN));
  return parts.length > 3 ? NaN : parts.reduce((sum, part) => sum * 60 + part, 0);
}

/** Where ffmpeg writes this segment. */
export const segmentFile = ({ segmentPath }: HlsCommand, segment: number): string =>
  segmentPath.replace("%d", String(segment));
