import { enlarged } from "@upreel/core";
import { expect, it } from "vitest";
import { createLanczos } from "./lanczos.ts";

/** What a slow scaler in floating point gives at a pixel of the result. */
function exactly(at: number, scale: number, pixel: (x: number) => number): number {
  const centre = (at + 0.5) / scale - 0.5;
  let [sum, weights] = [0, 0];
  for (let x = Math.ceil(centre - 3); x <= Math.floor(centre + 3); x++) {
    const d = Math.PI * (x - centre);
    const weight = d === 0 ? 1 : (3 * Math.sin(d) * Math.sin(d / 3)) / d ** 2;
    sum += weight * pixel(x);
    weights += weight;
  }
  return Math.min(255, Math.max(0, sum / weights));
}

it.each([1, 1.5, 2, 3, 4, 5])("enlarges by ×%d as it should, in both directions", (scale) => {
  const [width, height] = [23, 14];
  const value = (at: number): number => Math.round(120 + 70 * Math.sin(at / 1.7));
  const clamp = (at: number, size: number): number => Math.min(size - 1, Math.max(0, at));
  const enlarge = createLanczos(scale);
  const [wide, high] = [enlarged(width, scale), enlarged(height, scale)];
  for (const isAcross of [true, false]) {
    const bytes = Uint8Array.from({ length: width * height }, (_, i) =>
      value(isAcross ? i % width : Math.floor(i / width)),
    );
    const result = new Uint8Array(wide * high);
    enlarge({ bytes, width, height }, result);
    const size = isAcross ? width : height;
    for (let i = 0; i < result.length; i++) {
      const at = isAcross ? i % wide : Math.floor(i / wide);
      const wanted = exactly(at, scale, (x) => value(clamp(x, size)));
      expect(Math.abs((result[i] ?? 0) - wanted)).toBeLessThan(1);
    }
  }
});

it("leaves an even picture as it is, white and black ones too", () => {
  for (const grey of [0, 77, 255]) {
    const result = new Uint8Array(26 * 10);
    createLanczos(2)({ bytes: new Uint8Array(13 * 5).fill(grey), width: 13, height: 5 }, result);
    expect(new Set(result)).toEqual(new Set([grey]));
  }
});
