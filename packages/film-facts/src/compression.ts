import type { FilmFacts } from "@upreel/core";
import type { Quantiser } from "./quantiser.ts";

/** Up to where little is lost, and from where on much is: x264 at crf 18 has a mean of about 20, at crf 30 of 31. */
const SCALES = {
  h26x: { light: 21, hard: 29 },
  mpeg2: { light: 3, hard: 8 },
  vp9_av1: { light: 90, hard: 180 },
} satisfies Record<Quantiser["codec"], object>;

/** Blocks that are seen, where no header says what was divided by. */
const SEEN_EDGES = { light: 1.1, hard: 1.5 };

/** How hard a film was compressed; null: nothing says it. */
export function judgeCompression(
  quantiser: Quantiser | undefined,
  edges: number | undefined,
): FilmFacts["compression"] {
  const judge = (value: number, { light, hard }: typeof SEEN_EDGES): "light" | "usual" | "hard" =>
    value >= hard ? "hard" : value <= light ? "light" : "usual";
  const rest = { block_edges: edges ?? null };
  if (quantiser !== undefined) {
    const { codec, mean, most } = quantiser;
    const share = Math.round((1_000 * mean) / most) / 1_000;
    return { is: judge(mean, SCALES[codec]), quantiser: share, ...rest };
  }
  if (edges === undefined) return null;
  return { is: judge(edges, SEEN_EDGES), quantiser: null, ...rest };
}
