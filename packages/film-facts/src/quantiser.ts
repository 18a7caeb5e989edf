import { runToEnd, type Probed } from "@upreel/media";
import type { FilmTools } from "./film-tools.ts";
import { placeInput, placesOf } from "./places.ts";

/** What a codec divided by, on its own scale. */
export interface Quantiser {
  readonly codec: "h26x" | "mpeg2" | "vp9_av1";
  readonly mean: number;
  readonly most: number;
}

const PACKETS = 48;
const SECONDS = 4;
const MOST_BYTES = 32 * 1024 * 1024;

/** Whose headers ffmpeg can read. */
const TOLD = new Set(["h264", "hevc", "mpeg2video", "vp9", "av1"]);

/** Mean over the pictures of some places, as their headers say it: nothing is decoded. undefined: this codec's do not. */
export async function readQuantiser(
  film: Probed,
  { ffmpeg }: FilmTools,
  signal: AbortSignal,
): Promise<Quantiser | undefined> {
  if (!TOLD.has(film.source.video.codec)) return undefined;
  const texts: string[] = [];
  for (const place of placesOf(film, SECONDS)) {
    const { stderr } = await runToEnd(
      ffmpeg,
      [
        ...["-v", "info", ...placeInput(film, place), "-map", `0:${film.source.video.index}`],
        ...["-c", "copy", "-bsf:v", "trace_headers", "-frames:v", String(PACKETS)],
        ...["-f", "null", "-"],
      ],
      { mostBytes: MOST_BYTES, signal },
    );
    texts.push(stderr);
  }
  return quantiserIn(texts.join("\n"));
}

const NAMED = /(init_qp_minus26|slice_qp_delta|quantiser_scale_code|base_q_idx)\s+[01]+ = (-?\d+)/g;

/** What ffmpeg's `trace_headers` says of quantisers. */
export function quantiserIn(text: string): Quantiser | undefined {
  let initial = 26;
  const h26x: number[] = [];
  const mpeg2: number[] = [];
  const others: number[] = [];
  for (const [, name = "", value = ""] of text.matchAll(NAMED)) {
    const number = Number(value);
    if (name === "init_qp_minus26") initial = 26 + number;
    else if (name === "slice_qp_delta") h26x.push(initial + number);
    else if (name === "quantiser_scale_code") mpeg2.push(number);
    else others.push(number);
  }
  const scales = [
    { codec: "h26x", all: h26x, most: 51 },
    { codec: "mpeg2", all: mpeg2, most: 31 },
    { codec: "vp9_av1", all: others, most: 255 },
  ] as const;
  const found = scales.find(({ all }) => all.length > 0);
  if (found === undefined) return undefined;
  const { codec, all, most } = found;
  const mean = all.reduce((sum, each) => sum + each, 0) / all.length;
  return { codec, most, mean: Math.min(most, Math.max(0, mean)) };
}
