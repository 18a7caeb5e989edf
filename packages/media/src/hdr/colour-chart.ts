import type { Hdr } from "@upreel/core";
import type { Size } from "../picture/picture-size.ts";
import type { Rgb } from "./tone-map.ts";

/** Samples of a patch, both ways. */
const PATCH = 40;
const [COLUMNS, ROWS] = [48, 27];
/** Steps of red, green and blue. */
const STEPS = [11, 11, 10] as const;
const [KR, KB] = [0.2627, 0.0593];

/** Of the chart: 1080p. */
export const CHART_SIZE: Size = { width: COLUMNS * PATCH, height: ROWS * PATCH };

/** One colour for each patch: steps of all three channels, then a ramp of grey. As bright as films are: 1000 cd/m². */
export function chartColours({ base }: Pick<Hdr, "base">): Rgb[] {
  const brightest = base === "pq" ? 0.75 : 1;
  const [reds, greens, blues] = STEPS;
  const steps = reds * greens * blues;
  return Array.from({ length: COLUMNS * ROWS }, (_, i): Rgb => {
    const grey = (brightest * (i - steps)) / (COLUMNS * ROWS - steps - 1);
    if (i >= steps) return [grey, grey, grey];
    const of = (step: number, all: number): number => (brightest * step) / (all - 1);
    return [
      of(i % reds, reds),
      of(Math.floor(i / reds) % greens, greens),
      of(Math.floor(i / reds / greens), blues),
    ];
  });
}

/** The chart as a raw picture, `yuv420p10le` of BT.2020 in limited range. */
export function drawChart(colours: readonly Rgb[]): Buffer {
  const { width, height } = CHART_SIZE;
  const planes = [0, 1, 2].map((plane) => {
    const step = plane === 0 ? 1 : 2;
    const samples = Buffer.alloc((2 * width * height) / step ** 2);
    const row = width / step;
    for (let i = 0; i < samples.length / 2; i += 1) {
      const x = Math.floor((i % row) / (PATCH / step));
      const y = Math.floor(i / row / (PATCH / step));
      samples.writeUInt16LE(codeOf(colours[y * COLUMNS + x] ?? [0, 0, 0], plane), 2 * i);
    }
    return samples;
  });
  return Buffer.concat(planes);
}

function codeOf([r, g, b]: Rgb, plane: number): number {
  const luma = KR * r + (1 - KR - KB) * g + KB * b;
  if (plane === 0) return Math.round(64 + 876 * luma);
  const [own, share] = plane === 1 ? [b, KB] : [r, KR];
  return Math.round(512 + (896 * (own - luma)) / (2 - 2 * share));
}

/** The colour in the middle of each patch of a picture of the chart, `rgb24`. */
export function readChart(picture: Buffer): Rgb[] {
  return Array.from({ length: COLUMNS * ROWS }, (_, i): Rgb => {
    const x = ((i % COLUMNS) + 0.5) * PATCH;
    const y = (Math.floor(i / COLUMNS) + 0.5) * PATCH;
    const at = 3 * (y * CHART_SIZE.width + x);
    const of = (channel: number): number => (picture[at + channel] ?? 0) / 255;
    return [of(0), of(1), of(2)];
  });
}
