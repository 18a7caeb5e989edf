import {
  durationSeconds,
  filmPartAt,
  type FilmTiming,
  type Source,
  type VideoTrack,
} from "@upreel/core";
import { execa } from "execa";
import type { SampleFrames } from "./classify-content.ts";
import { cubePath, writeCube } from "./hdr/cube-file.ts";
import { toneMapFilters } from "./hdr/tone-map-filters.ts";
import { mediaCommand } from "./media-command.ts";
import { filmInput } from "./media-input.ts";
import { partInput } from "./part-input.ts";

/** Where the samples lie, evenly over the film: more would tell little more and cost as much again. */
const SAMPLES = 8;
const WIDTH = 320;
const HEIGHT = 180;
const SIZE = { width: WIDTH, height: HEIGHT };
/** More than these are not read, whatever the film is: what is done with them takes no longer. */
export const LARGEST_SAMPLES = { ...SIZE, pictures: 2 * SAMPLES };
/** Of the pictures at the beginning one in so many is looked at. */
const EVERY = 8;

/** A source with the timing of its film. */
export type TimedSource = FilmTiming & { readonly source: Source };

function shape(video: VideoTrack): string {
  const { hdr } = video;
  if (hdr === undefined) return `scale=${WIDTH}:${HEIGHT}:flags=area,format=yuv444p`;
  return toneMapFilters({
    video,
    lookUp: { by: "table", file: cubePath(hdr) },
    size: SIZE,
    pixelFormat: "yuv444p",
  }).join(",");
}

/**
 * Key frames spread over the film, small, as planar 4:4:4. One ffmpeg that decodes nothing but those:
 * an input for each, with its own seek.
 */
function sampleArguments({ source, ...timing }: TimedSource): readonly string[] {
  const seconds = durationSeconds(timing);
  const at = Array.from({ length: SAMPLES }, (_, n) => ((n + 0.5) / SAMPLES) * seconds);
  const scaled = at.map(
    (_, n) => `[${n}:${source.video.index}]trim=end_frame=1,setpts=0,${shape(source.video)}[s${n}]`,
  );
  const joined = `${at.map((_, n) => `[s${n}]`).join("")}concat=n=${SAMPLES}[out]`;
  return [
    ...["-v", "error", "-nostdin", "-threads", "1"],
    ...at.flatMap((fromSeconds) =>
      partInput(source, filmPartAt(timing, fromSeconds), {
        ...{ fromSeconds, options: ["-skip_frame", "nokey"] },
      }),
    ),
    ...["-filter_complex", [...scaled, joined].join(";"), "-map", "[out]"],
    ...["-fps_mode", "passthrough", "-f", "rawvideo", "-"],
  ];
}

/**
 * Pictures of the first seconds, where seeking finds none: a transport stream is sought by time, and a
 * short one has no key frame after that.
 */
function beginningArguments({ path, video }: Source): readonly string[] {
  return [
    ...["-v", "error", "-nostdin", ...filmInput(path, "-threads", "1")],
    ...["-map", `0:${video.index}`],
    ...["-vf", `select=not(mod(n\\,${EVERY})),${shape(video)}`, "-frames:v", String(SAMPLES)],
    ...["-fps_mode", "passthrough", "-f", "rawvideo", "-"],
  ];
}

/** Decodes the samples; fewer where some cannot be had. Throws when ffmpeg fails. */
export async function readSamples(
  film: TimedSource,
  tools: { readonly ffmpeg: string },
  signal: AbortSignal,
): Promise<SampleFrames> {
  const read = async (args: readonly string[]): Promise<Uint8Array> => {
    const { stdout } = await execa(...mediaCommand(tools.ffmpeg, args), {
      encoding: "buffer",
      stdin: "ignore",
      cancelSignal: signal,
      maxBuffer: LARGEST_SAMPLES.pictures * 3 * WIDTH * HEIGHT,
    });
    return stdout;
  };
  const { source } = film;
  const { hdr } = source.video;
  if (hdr !== undefined) await writeCube(hdr);
  const spread = await read(sampleArguments(film));
  const bytes = spread.length > 0 ? spread : await read(beginningArguments(source));
  return { bytes, width: WIDTH, height: HEIGHT };
}
