import {
  durationSeconds,
  filmPartAt,
  type FilmTiming,
  type Source,
  type VideoTrack,
} from "@upreel/core";
import type { ContentGuess } from "./classify-content.ts";
import { guessIn, type ContentLook, type TakeLook } from "./film-look.ts";
import { cubePath, writeCube } from "../hdr/cube-file.ts";
import { toneMapFilters } from "../hdr/tone-map-filters.ts";
import { filmInput } from "../ffmpeg/media-input.ts";
import { partInput } from "../ffmpeg/part-input.ts";

/** Where the samples lie, evenly over the film: more would tell little more and cost as much again. */
const SAMPLES = 8;
const WIDTH = 320;
const HEIGHT = 180;
const SIZE = { width: WIDTH, height: HEIGHT };
/** More than these are not read, whatever the film is: what is done with them takes no longer. */
export const LARGEST_SAMPLES = { ...SIZE, pictures: 2 * SAMPLES };
/** Looking at a film must not hold up its start for longer. */
const LONGEST_MS = 20_000;
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

/** Which pictures say what the film is, and how they are decoded. */
export async function contentLook(
  film: TimedSource,
  { ffmpeg }: { readonly ffmpeg: string },
): Promise<ContentLook> {
  const { hdr } = film.source.video;
  if (hdr !== undefined) await writeCube(hdr);
  return {
    ...{ kind: "content", ffmpeg, longestMs: LONGEST_MS, ...LARGEST_SAMPLES },
    ways: [[...sampleArguments(film)], [...beginningArguments(film.source)]],
  };
}

/** Whether a film is drawn or filmed, by some of its pictures. Throws when they cannot be decoded, or nobody can look. */
export async function lookAtContent(
  film: TimedSource,
  { look, ...tools }: { readonly ffmpeg: string; readonly look: TakeLook },
  signal: AbortSignal,
): Promise<ContentGuess> {
  return guessIn(await look(await contentLook(film, tools), signal));
}
