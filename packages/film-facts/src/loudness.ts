import type { FilmFacts } from "@upreel/core";
import { runToEnd, type Probed } from "@upreel/media";
import type { FilmTools } from "./film-tools.ts";
import { placeInput, placesOf } from "./places.ts";

const SECONDS = 20;
const MOST_BYTES = 8 * 1024 * 1024;

type Loudness = FilmFacts["loudness"];

/** Loudness of the first sound by EBU R128, over some places as if they followed each other; null: it has none. */
export async function measureLoudness(
  film: Probed,
  { ffmpeg }: FilmTools,
  signal: AbortSignal,
): Promise<Loudness> {
  const [sound] = film.source.audio;
  if (sound === undefined) return null;
  const places = placesOf(film, SECONDS);
  const heard = places.map((_, n) => `[${n}:${sound.index}]`).join("");
  const { stderr } = await runToEnd(
    ffmpeg,
    [
      ...["-v", "info", ...places.flatMap((place) => placeInput(film, place, "-threads", "1"))],
      "-filter_complex",
      `${heard}concat=n=${places.length}:v=0:a=1,ebur128=peak=true:framelog=verbose[out]`,
      ...["-map", "[out]", "-f", "null", "-"],
    ],
    { mostBytes: MOST_BYTES, signal },
  );
  return loudnessIn(stderr);
}

/** What ffmpeg's `ebur128` says at its end. */
export function loudnessIn(text: string): Loudness {
  const summary = text.slice(text.lastIndexOf("Summary:"));
  const read = (name: string): number =>
    Number(new RegExp(`${name}:\\s+(-?[\\d.]+|-inf)`).exec(summary)?.[1]);
  const [lufs, range, peak] = [read("I"), read("LRA"), read("Peak")];
  if (Number.isNaN(lufs) || Number.isNaN(range)) return null;
  return { lufs, range_lu: range, peak_db: Number.isFinite(peak) ? peak : null };
}
