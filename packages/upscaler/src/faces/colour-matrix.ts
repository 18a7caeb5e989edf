import type { FrameForm } from "./frame-form.ts";

type Triple = readonly [number, number, number];

/** Between the samples of a frame and RGB of 0 to 255; linear, so differences go the same way without the offsets. */
export interface ColourMatrix {
  toRgb(first: number, second: number, third: number, into: Float32Array, at: number): void;
  /** A difference in RGB as one of samples, in the order of the planes. */
  toSamples(r: number, g: number, b: number): Triple;
}

/** Weights of red and blue in luma (ITU-T H.273, table 4). */
const WEIGHTS: Readonly<Record<string, readonly [number, number]>> = {
  bt709: [0.2126, 0.0722],
  fcc: [0.3, 0.11],
  bt470bg: [0.299, 0.114],
  smpte170m: [0.299, 0.114],
  smpte240m: [0.212, 0.087],
  bt2020nc: [0.2627, 0.0593],
  bt2020c: [0.2627, 0.0593],
};
const BT709 = [0.2126, 0.0722] as const;

export function colourMatrix({ pixelFormat, matrix, range }: FrameForm): ColourMatrix {
  if (pixelFormat === "gbrp") return GBR;
  const [kr, kb] = WEIGHTS[matrix] ?? BT709;
  const kg = 1 - kr - kb;
  const [red, blue] = [2 * (1 - kr), 2 * (1 - kb)];
  const isFull = range === "pc";
  const [luma, chroma, black] = isFull ? [1, 1, 0] : [219 / 255, 224 / 255, 16];
  return {
    toRgb(first, second, third, into, at) {
      const y = (first - black) / luma;
      const [cb, cr] = [(second - 128) / chroma, (third - 128) / chroma];
      into[at] = y + red * cr;
      into[at + 1] = y - (kb * blue * cb + kr * red * cr) / kg;
      into[at + 2] = y + blue * cb;
    },
    toSamples(r, g, b) {
      const y = kr * r + kg * g + kb * b;
      return [luma * y, (chroma * (b - y)) / blue, (chroma * (r - y)) / red];
    },
  };
}

const GBR: ColourMatrix = {
  toRgb(first, second, third, into, at) {
    into[at] = third;
    into[at + 1] = first;
    into[at + 2] = second;
  },
  toSamples: (r, g, b) => [g, b, r],
};
