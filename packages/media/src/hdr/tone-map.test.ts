import { expect, test } from "vitest";
import { toneMap, type Rgb } from "./tone-map.ts";

const level = (colour: Rgb): number[] => colour.map((value) => Math.round(255 * value));

test("black stays black, and the brightest light of the film becomes white", () => {
  for (const base of ["pq", "hlg"] as const)
    expect(level(toneMap({ base, peakNits: 1000 }, [0, 0, 0]))).toEqual([0, 0, 0]);
  // 1000 cd/m² in PQ.
  expect(level(toneMap({ base: "pq", peakNits: 1000 }, [0.7518, 0.7518, 0.7518]))).toEqual([
    255, 255, 255,
  ]);
  expect(level(toneMap({ base: "hlg", peakNits: 1000 }, [1, 1, 1]))).toEqual([255, 255, 255]);
});

test("grey stays grey and grows brighter with the signal", () => {
  for (const base of ["pq", "hlg"] as const) {
    let before = -1;
    for (let i = 0; i <= 100; i += 1) {
      const [r, g, b] = toneMap({ base, peakNits: 1000 }, [i / 100, i / 100, i / 100]);
      expect(Math.max(Math.abs(r - g), Math.abs(g - b))).toBeLessThan(1e-4);
      expect(g).toBeGreaterThanOrEqual(before);
      before = g;
    }
  }
});

test("colours that BT.709 has not, and light above the peak, stay within it", () => {
  for (const code of [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
    [1, 1, 0],
    [1, 1, 1],
  ] as const)
    for (const base of ["pq", "hlg"] as const)
      for (const value of toneMap({ base, peakNits: 400 }, code)) {
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1);
      }
});
