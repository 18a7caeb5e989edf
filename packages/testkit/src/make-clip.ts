import { runFfmpeg } from "./run-ffmpeg.ts";

export interface ClipOptions {
  readonly width: number;
  readonly height: number;
  /** As ffmpeg takes it: `24`, `24000/1001`. */
  readonly rate: string | number;
  readonly seconds: number;
  /** Sound: a sine of 440 Hz at 48 kHz, `channels` copies of it; false for none. Default: stereo AAC. */
  readonly audio?: false | { readonly codec?: string; readonly channels?: number };
  /** Encoder of the pictures; default libx264 at its fastest. */
  readonly codec?: string;
  /** lavfi source in place of `testsrc2`, without size, rate and duration. */
  readonly pictures?: string;
  /** Output options, before the file. */
  readonly extraArgs?: readonly string[];
}

/** AAC at a rate that is enough for a tone: in half the time of its usual one, which is most of what a clip takes. */
const soundArguments = ({ audio, extraArgs = [] }: ClipOptions): readonly string[] => {
  if (audio === false) return [];
  const { codec = "aac", channels = 2 } = audio ?? {};
  // Others have no rate as low.
  const isAac = codec === "aac" && !extraArgs.includes("-c:a");
  const rate = isAac ? ["-b:a", `${16 * channels}k`] : [];
  return ["-c:a", codec, ...rate, "-ac", String(channels)];
};

/** Makes a small film of moving test pictures and a tone; the name's ending tells the container. */
export async function makeClip(path: string, options: ClipOptions): Promise<string> {
  const { width, height, rate, seconds, audio, codec = "libx264" } = options;
  const pictures = options.pictures ?? "testsrc2";
  const hasOptions = pictures.includes("=");
  const size = `${pictures}${hasOptions ? ":" : "="}s=${width}x${height}:r=${rate}:d=${seconds}`;
  const sound =
    audio === false
      ? []
      : ["-f", "lavfi", "-i", `sine=frequency=440:sample_rate=48000:duration=${seconds}`];
  await runFfmpeg([
    ...["-f", "lavfi", "-i", size],
    ...sound,
    ...["-c:v", codec, "-pix_fmt", "yuv420p"],
    ...(codec === "libx264" ? ["-preset", "ultrafast"] : []),
    ...soundArguments(options),
    ...(options.extraArgs ?? []),
    path,
  ]);
  return path;
}
