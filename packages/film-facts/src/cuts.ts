import { runToEnd, type Probed } from "@upreel/media";
import type { FilmTools } from "./film-tools.ts";
import { placeInput, placesOf } from "./places.ts";

const SECONDS = 8;
/** Of 100: ffmpeg's own, by which cuts of most films are told. */
const THRESHOLD = 10;
const MOST_BYTES = 4 * 1024 * 1024;

/** Cuts a minute, by some seconds of each place. */
export async function countCuts(
  film: Probed,
  { ffmpeg }: FilmTools,
  signal: AbortSignal,
): Promise<number> {
  let [cuts, seconds] = [0, 0];
  for (const place of placesOf(film, SECONDS)) {
    const { stdout } = await runToEnd(
      ffmpeg,
      [
        ...["-v", "error", ...placeInput(film, place, "-threads", "1")],
        ...["-map", `0:${film.source.video.index}`, "-an", "-sn", "-dn"],
        "-vf",
        `scale=320:180:flags=area,scdet=t=${THRESHOLD},metadata=print:key=lavfi.scd.time:file=-`,
        ...["-f", "null", "-"],
      ],
      { mostBytes: MOST_BYTES, signal },
    );
    cuts +=
      Buffer.from(stdout)
        .toString()
        .match(/lavfi\.scd\.time=/g)?.length ?? 0;
    seconds += place.seconds;
  }
  return Math.round((10 * 60 * cuts) / seconds) / 10;
}
