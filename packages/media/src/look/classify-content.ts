import { setImmediate as nextTurn } from "node:timers/promises";
import type { Content } from "@upreel/core";
import { contentFigures, type ContentFigures } from "./content-figures.ts";

/** 8-bit planar 4:4:4 frames, one after the other. */
export interface SampleFrames {
  readonly bytes: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** What a film seems to be, and what that was told by. */
export interface ContentGuess {
  readonly content: Content;
  /** The end of a sentence: `96 % of the picture is flat, …`. */
  readonly why: string;
}

/** Painted areas are flat **and** coloured: sheets, walls and screens are flat, but grey. */
const DRAWN = { flat: 0.6, colour: 15 } as const;
/**
 * Painted and rendered light has colour everywhere, in several hues; a camera's shadows or lights are
 * grey nearly always, and what has colour everywhere has one (dusk, a sepia print, a wooden table).
 */
const RENDERED = { tint: 9, hues: 4, spread: 0.5 } as const;

/**
 * Whether a film is drawn or rendered, by the medians of the samples' figures. In doubt it is film: old
 * cartoons on washed-out prints are, to networks, too. Thresholds and how many pictures of each kind they
 * get right: docs/models-import.md.
 */
export async function classifyContent({
  bytes,
  width,
  height,
}: SampleFrames): Promise<ContentGuess> {
  const size = 3 * width * height;
  const figures: ContentFigures[] = [];
  for (let start = 0; start + size <= bytes.length; start += size) {
    const found = contentFigures(bytes.subarray(start, start + size), width, height);
    if (found !== undefined) figures.push(found);
    // Each takes some milliseconds, and who asks the gateway for something waits no longer than that.
    await nextTurn();
  }
  if (figures.length === 0) return { content: "film", why: "nothing but dark pictures were found" };
  const medianOf = (name: keyof ContentFigures): number =>
    median(figures.map((each) => each[name]));
  return judgeFigures({
    flat: medianOf("flat"),
    colour: medianOf("colour"),
    tint: medianOf("tint"),
    hues: medianOf("hues"),
    spread: medianOf("spread"),
  });
}

/** What the figures of a film say. */
export function judgeFigures({ flat, colour, tint, hues, spread }: ContentFigures): ContentGuess {
  const isDrawn = flat >= DRAWN.flat && colour >= DRAWN.colour;
  const isRendered = tint >= RENDERED.tint && hues >= RENDERED.hues && spread >= RENDERED.spread;
  const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;
  const drawn = `${percent(flat)} of the picture is flat, ${colour.toFixed(0)} levels from grey (drawn: ${percent(DRAWN.flat)}, ${DRAWN.colour})`;
  const rendered = `its greyest tones are ${tint.toFixed(0)} levels from grey, ${hues} hues spread ${percent(spread)} (rendered: ${RENDERED.tint}, ${RENDERED.hues}, ${percent(RENDERED.spread)})`;
  if (isDrawn) return { content: "animation", why: drawn };
  if (isRendered) return { content: "animation", why: rendered };
  return { content: "film", why: `${drawn}; ${rendered}` };
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
