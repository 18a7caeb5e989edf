import { expect, it } from "vitest";
import {
  LOOK_PARTS,
  PRESETS,
  PRESET_NAMES,
  filterOf,
  presetOf,
  readLook,
  sharpenKernel,
  warmthMatrix,
} from "./look.ts";

it("leaves a film as it is without any filter", () => {
  expect(filterOf(PRESETS.film)).toBe("none");
  expect(warmthMatrix(PRESETS.film)).toBe("1.000 0 0 0 0 0 1.000 0 0 0 0 0 1.000 0 0 0 0 0 1 0");
});

it("has seven presets, each another look, which are known again", () => {
  expect(PRESET_NAMES).toHaveLength(7);
  expect(new Set(PRESET_NAMES.map((name) => JSON.stringify(PRESETS[name]))).size).toBe(7);
  for (const name of PRESET_NAMES) expect(presetOf(PRESETS[name])).toBe(name);
  expect(presetOf({ ...PRESETS.warm, sharpen: 1 })).toBeUndefined();
});

it.each([
  ["brightness", 100, "brightness(1.500)"],
  ["brightness", 0, "brightness(0.500)"],
  ["contrast", 75, "contrast(1.250)"],
  ["saturation", 0, "saturate(0.000)"],
  ["saturation", 100, "saturate(2.000)"],
  ["warmth", 80, "url(#look-warmth)"],
  ["sharpen", 10, "url(#look-sharpen)"],
] as const)("shows %s %d by %s", (part, value, css) => {
  expect(filterOf({ ...PRESETS.film, [part]: value })).toBe(css);
});

it("sharpens without making an even picture brighter", () => {
  for (const sharpen of [1, 33, 50, 77, 100]) {
    const weights = sharpenKernel({ ...PRESETS.film, sharpen })
      .split(" ")
      .map(Number);
    expect(weights).toHaveLength(9);
    expect(weights.reduce((a, b) => a + b)).toBeCloseTo(1, 6);
  }
});

it("takes of what was kept only what is a look", () => {
  expect(readLook(null)).toEqual(PRESETS.film);
  for (const text of ["{", "null", "[1]", '"x"', "7"]) expect(readLook(text)).toEqual(PRESETS.film);
  expect(
    readLook(JSON.stringify({ contrast: 61, warmth: -1, sharpen: "9", brightness: 1e9, other: 1 })),
  ).toEqual({ ...PRESETS.film, contrast: 61 });
  const own = Object.fromEntries(LOOK_PARTS.map((part, i) => [part, 10 * i]));
  expect(readLook(JSON.stringify(own))).toEqual(own);
});
