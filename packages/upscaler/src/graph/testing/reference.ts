import type { Planes } from "../prove/test-picture.ts";
import type { Range } from "../model-facts.ts";
import { runFloats } from "./run-model.ts";

export interface NetworkForm {
  readonly range: Range;
  readonly order: "luma" | "rgb" | "bgr";
  readonly layout: "NCHW" | "NHWC";
}

/** For each channel of the network, its plane in G, B, R. */
const PLANES = { luma: [0], rgb: [2, 0, 1], bgr: [1, 0, 2] } as const;

/** What an adapted model must give: the author's own model, with the pixels converted in JavaScript. */
export async function reference(
  model: Uint8Array,
  input: Planes,
  form: NetworkForm,
): Promise<Planes> {
  const [, channels = 0, height = 0, width = 0] = input.dims;
  const [white, black] = LEVELS[form.range];
  const floats = new Float32Array(input.data.length);
  eachPixel(form, channels, height, width, (plane, pixel) => {
    floats[pixel] = (input.data[plane] ?? 0) / white - black;
  });
  const dims = form.layout === "NCHW" ? [1, channels, height, width] : [1, height, width, channels];
  const output = await runFloats(model, { data: floats, dims });
  const [outHeight = 0, outWidth = 0] =
    form.layout === "NCHW" ? output.dims.slice(2) : output.dims.slice(1);
  const bytes = new Uint8Array(output.data.length);
  eachPixel(form, channels, outHeight, outWidth, (plane, pixel) => {
    const value = Math.fround(Math.fround((output.data[pixel] ?? 0) + black) * white);
    bytes[plane] = Math.min(255, Math.max(0, Math.floor(Math.fround(value + 0.5))));
  });
  return { data: bytes, dims: [1, channels, outHeight, outWidth] };
}

/** What a range takes for the difference between black and white in bytes, and black's distance from 0. */
const LEVELS = { 1: [255, 0], 255: [1, 0], signed: [127.5, 1] } as const;

/** Pairs the index of every sample in the planes with its index in the network's tensor. */
function eachPixel(
  form: NetworkForm,
  channels: number,
  height: number,
  width: number,
  visit: (plane: number, pixel: number) => void,
): void {
  PLANES[form.order].forEach((plane, channel) => {
    for (let at = 0; at < height * width; at++) {
      const pixel =
        form.layout === "NCHW" ? channel * height * width + at : at * channels + channel;
      visit(plane * height * width + at, pixel);
    }
  });
}
