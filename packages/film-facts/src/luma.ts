import { runToEnd, type Probed } from "@upreel/media";
import type { FilmTools } from "./film-tools.ts";
import { placeInput, placesOf } from "./places.ts";

/** Luma of a picture as it is coded, line by line. */
export interface Luma {
  readonly bytes: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** 2: every second line of the picture, where those between are of another moment. */
  readonly step: 1 | 2;
}

/** Larger ones would take the memory of a small machine. */
const MOST_PIXELS = 8192 * 4608;
/** Places of films that are hardly longer than this are far enough apart. */
const APART_SECONDS = 0.5;
/** From a key frame to the next one, in most files. */
const GROUP_SECONDS = 12;

/** One picture of each place, one after the other: all of them would be some hundred megabytes. */
export async function* readLuma(
  film: Probed,
  { ffmpeg }: FilmTools,
  signal: AbortSignal,
): AsyncGenerator<Luma> {
  const { video } = film.source;
  const { width, height } = video;
  if (width * height > MOST_PIXELS) throw new Error(`${width}x${height} are too many pixels`);
  const { kind = video.isInterlaced ? "mixed" : "progressive" } = film.seen ?? {};
  const step = kind === "progressive" ? 1 : 2;
  const lines = Math.ceil(height / step);
  const filters = [...(step === 2 ? ["field=top"] : []), "format=gray"];
  const size = width * lines;
  for (const { fromSeconds } of placesOf(film, APART_SECONDS)) {
    const place = { fromSeconds, seconds: GROUP_SECONDS };
    for (const how of [["-skip_frame", "nokey"], []]) {
      const { stdout } = await runToEnd(
        ffmpeg,
        [
          ...["-v", "error", ...placeInput(film, place, "-noautorotate", "-threads", "1", ...how)],
          ...["-map", `0:${video.index}`, "-an", "-sn", "-dn", "-vf", filters.join(",")],
          ...["-frames:v", "1", "-fps_mode", "passthrough", "-f", "rawvideo", "-"],
        ],
        { mostBytes: size + 65_536, signal },
      ).catch(() => ({ stdout: Buffer.alloc(0) }));
      signal.throwIfAborted();
      if (stdout.length < size) continue;
      yield { bytes: stdout.subarray(0, size), width, height: lines, step };
      break;
    }
  }
}
