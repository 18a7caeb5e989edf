import { writeOptions, valueOf, type FfmpegOption } from "./ffmpeg-options.ts";
import {
  NEEDS_HARDWARE_PICTURES,
  VIDEO_CODEC_NAMES,
  VIDEO_FILTER_NAMES,
  type HlsCommand,
} from "./hls-command.ts";
import { plainFilters, widthBound } from "./video-filters.ts";

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** What of Upreel's film is needed to put its pictures in place of the file's own. */
export interface UpscaledPictures {
  /** Added to the timestamps of Upreel's segments, it gives the file's clock. */
  readonly offsetSeconds: number;
  /** The film's first frame on the file's clock. */
  readonly zeroSeconds: number;
  readonly frameRate: string;
  readonly sourceSize: PictureSize;
  readonly size: PictureSize;
}

/** The file descriptor on which Upreel's segments come. */
export const PICTURES_FD = 3;

/** Timestamps are rounded on their way; the next picture is ten times as far away at least. */
const ROUNDING_SECONDS = 0.002;
/** How much faster than its area the bits of a picture grow that is upscaled: more of it is alike. */
const RATE_EXPONENT = 0.75;
const HARDWARE_INPUT = /^(hwaccel\w*|init_hw_device|filter_hw_device|c:v|codec:v|vcodec)$/;

/**
 * Jellyfin's order with Upreel's pictures, which come on `PICTURES_FD`, in place of the file's. Sound, names, times and
 * cuts are made by the same options as before, and so is the picture's quality: only what was reckoned for
 * the source's size is reckoned for the new one.
 */
export function upscaledArguments(command: HlsCommand, pictures: UpscaledPictures): string[] {
  const start = command.seekSeconds + pictures.zeroSeconds - ROUNDING_SECONDS;
  const filters = [`trim=start=${start.toFixed(6)}`, ...command.filters, "format=yuv420p"];
  const isBounded = widthBound(command.filters) !== undefined;
  const growth = isBounded ? 1 : Math.max(1, area(pictures.size) / area(pictures.sourceSize));
  return writeOptions([
    ...softwareInputs(command),
    ...option("f", "mpegts"),
    ...option("itsoffset", pictures.offsetSeconds.toFixed(6)),
    // What the stream holds is known after its first picture.
    ...option("analyzeduration", "1000000"),
    ...option("probesize", "2000000"),
    ...option("i", `pipe:${PICTURES_FD}`),
    ...replaceMap(
      encodedInSoftware(command, filters).map((each) => grown(each, growth ** RATE_EXPONENT)),
      `${command.inputCount}:v:0`,
      pictures.frameRate,
    ),
  ]);
}

/**
 * The rest of Jellyfin's order from segment `from` on without Upreel, enlarged to `size`, so that a player
 * that has begun sees no change but of sharpness.
 */
export function plainArguments(command: HlsCommand, from: number, size: PictureSize): string[] {
  const seek = command.seekSeconds + (from - command.firstSegment) * command.segmentSeconds;
  const { width, height } = size;
  const chain = plainFilters(valueOf(command.output, ...VIDEO_FILTER_NAMES));
  const filters = [
    ...chain.filter((filter) => !filter.startsWith("format=")),
    ...[`scale=${width}:${height}:flags=lanczos`, "setsar=1", "format=yuv420p"],
  ];
  const inputs = softwareInputs(command);
  // Sound in a file of its own is sought, too.
  const isSought = inputs.some(({ name }) => name === "ss");
  return writeOptions([
    ...(isSought ? [] : option("ss", seek.toFixed(3))),
    ...inputs.map((each) => (each.name === "ss" ? { ...each, value: seek.toFixed(3) } : each)),
    ...encodedInSoftware(command, filters).map((each) =>
      each.name === "start_number" ? { ...each, value: String(from) } : each,
    ),
  ]);
}

const area = ({ width, height }: PictureSize): number => width * height;
const option = (name: string, value: string): FfmpegOption[] => [{ name, value }];

/**
 * Nothing of the inputs is decoded by hardware, and sound begins where the picture does, not at the key
 * frame before.
 */
const softwareInputs = ({ inputs }: HlsCommand): FfmpegOption[] =>
  inputs.filter(({ name }) => name !== "noaccurate_seek" && !HARDWARE_INPUT.test(name));

/** The output's options with these filters, and an encoder that takes their pictures. */
function encodedInSoftware(command: HlsCommand, filters: readonly string[]): FfmpegOption[] {
  const { encoder, output, segmentSeconds } = command;
  const isReplaced = NEEDS_HARDWARE_PICTURES.test(encoder);
  const changed = output
    .filter(({ name }) => !VIDEO_FILTER_NAMES.includes(name))
    .flatMap((each) => {
      if (VIDEO_CODEC_NAMES.includes(each.name))
        return [
          ...(isReplaced ? inLibx264(each.name, segmentSeconds) : [each]),
          ...option("vf", filters.join(",")),
        ];
      return isReplaced && HARDWARE_ENCODING.test(each.name) ? [] : [each];
    });
  return cutCopiedSound(changed);
}

const AUDIO_CODEC_NAMES = ["codec:a:0", "c:a:0", "codec:a", "c:a", "acodec"];

/**
 * Sound that is copied begins at the key frame before the place that is sought, ten seconds early at times, unless that is
 * forbidden. The filter by which Jellyfin 12 drops it counts in other units than an ffmpeg before 6 has here.
 */
function cutCopiedSound(output: readonly FfmpegOption[]): FfmpegOption[] {
  if (output.some(({ name }) => name.startsWith("copypriorss"))) return [...output];
  return output.flatMap((each) =>
    AUDIO_CODEC_NAMES.includes(each.name) && each.value === "copy"
      ? [each, ...option("copypriorss:a:0", "0")]
      : [each],
  );
}

/** What its own ffmpeg would refuse, or understand otherwise, for libx264. */
const HARDWARE_ENCODING =
  /^(preset|crf|rc_mode|global_quality|look_ahead\w*|low_power|async_depth|mbbrc|quality|usage|qp\w*|qmin|qmax|b:v|g:v:0|keyint_min:v:0|force_key_frames:0|noautoscale)$/;

const inLibx264 = (name: string, seconds: number): FfmpegOption[] => [
  { name, value: "libx264" },
  ...option("preset", "veryfast"),
  ...option("crf", "23"),
  ...option("force_key_frames:0", `expr:gte(t,n_forced*${seconds})`),
];

function grown(each: FfmpegOption, factor: number): FfmpegOption {
  const isRate = ["maxrate", "bufsize", "b:v"].includes(each.name);
  if (!isRate || !/^\d+$/.test(each.value ?? "")) return each;
  return { ...each, value: String(Math.round(Number(each.value) * factor)) };
}

/** The first map is the picture's, in all versions. */
function replaceMap(
  output: readonly FfmpegOption[],
  value: string,
  frameRate: string,
): FfmpegOption[] {
  const first = output.findIndex(({ name }) => name === "map");
  const hasRate = output.some(({ name }) => name === "r" || name === "r:v");
  return output.flatMap((each, at) => {
    if (at !== first) return [each];
    return [{ ...each, value }, ...(hasRate ? [] : option("r:v", frameRate))];
  });
}
