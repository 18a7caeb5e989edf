import { createCatalogue } from "@upreel/upscaler";
import { expect, it } from "vitest";
import { builtInLadder, builtInNetworks, isSpare, twinsOf } from "./built-in-ladder.ts";

it("the strength that comes closest is taken, and 0 is the faithful family", () => {
  expect(builtInLadder(0)[0]).toBe("upreel-x2-live16x4");
  expect(builtInLadder(0.1)[0]).toBe("upreel-x2-live16x4");
  expect(builtInLadder(0.3)[0]).toBe("upreel-x2-sharp16x4-35");
  expect(builtInLadder(0.5).at(-1)).toBe("upreel-x2-sharp16x0-50");
  expect(builtInLadder(1)[1]).toBe("upreel-x2-sharp16x2-70");
});

it("every network that a setting can name is there, in both number formats", async () => {
  const ids = (await createCatalogue().list()).map(({ id }) => id);
  const wanted = [0, 0.35, 0.5, 0.7].flatMap(builtInNetworks);
  expect(ids).toEqual(
    expect.arrayContaining(wanted.flatMap((name) => [`${name}-int8`, `${name}-fp32`])),
  );
});

it("what is at most half as large again is made by networks of ×1.5", () => {
  const bestFor = (sharpness: number, factor: number) => builtInLadder(sharpness, { factor })[0];
  expect(bestFor(0.5, 1.5)).toBe("upreel-x1.5-sharp16x4-50");
  expect(bestFor(0.7, 1)).toBe("upreel-x1.5-sharp16x4-50");
  expect(bestFor(0, 1.5)).toBe("upreel-x1.5-live16x4");
  expect(bestFor(0.5, 1.51)).toBe("upreel-x2-sharp16x4-50");
});

it("what is three or four times as large is made in one pass, and what lies between by ×2", () => {
  const bestFor = (sharpness: number, factor: number) => builtInLadder(sharpness, { factor })[0];
  expect(bestFor(0.5, 3)).toBe("upreel-x3-sharp16x4-50");
  expect(bestFor(0.7, 1926 / 641)).toBe("upreel-x3-sharp16x4-50");
  expect(bestFor(0, 4)).toBe("upreel-x4-live16x4");
  expect(bestFor(0.5, 2.5)).toBe("upreel-x2-sharp16x4-50");
  expect(bestFor(0.5, 5)).toBe("upreel-x2-sharp16x4-50");
});

it("films with block edges get networks that remove them, unless the faithful ones are wanted", () => {
  const bestFor = (sharpness: number, factor: number) =>
    builtInLadder(sharpness, { factor, leavesBlocks: true })[0];
  expect(bestFor(0.5, 2)).toBe("upreel-x2-worn16x4");
  expect(bestFor(1, 2)).toBe("upreel-x2-worn16x4");
  expect(bestFor(0, 2)).toBe("upreel-x2-live16x4");
  expect(bestFor(0.5, 1.5)).toBe("upreel-x1.5-sharp16x4-50");
  expect(bestFor(0.5, 3)).toBe("upreel-x2-worn16x4");
  expect(bestFor(0, 3)).toBe("upreel-x3-live16x4");
});

it("networks of other strengths are spare, those for clean sources and imported ones are not", () => {
  const ladder = builtInLadder(0.5);
  expect(isSpare("upreel-x2-sharp16x4-50-int8", ladder)).toBe(false);
  expect(isSpare("upreel-x2-sharp16x4-70-int8", ladder)).toBe(true);
  expect(isSpare("upreel-x2-live16x4-int8", ladder)).toBe(true);
  expect(isSpare("upreel-x1.5-sharp16x4-50-int8", ladder)).toBe(true);
  expect(isSpare("upreel-x2-worn16x4-int8", ladder)).toBe(true);
  expect(isSpare("upreel-x2-live16x4-int8", [...ladder, "upreel-x2-live16x4"])).toBe(false);
  expect(isSpare("upreel-x2-clean32x2-int8", ladder)).toBe(false);
  expect(isSpare("my-live-model", ladder)).toBe(false);
});

it("networks of other strengths are twins: they take as long", () => {
  expect(twinsOf("upreel-x2-sharp16x4-50-int8")).toEqual([
    ...["upreel-x2-live16x4-int8", "upreel-x2-sharp16x4-35-int8", "upreel-x2-sharp16x4-70-int8"],
  ]);
  expect(twinsOf("upreel-x1.5-live16x0-fp32")).toEqual(["upreel-x1.5-sharp16x0-50-fp32"]);
  expect(twinsOf("upreel-x3-live16x0-fp32")).toEqual(["upreel-x3-sharp16x0-50-fp32"]);
  expect(twinsOf("upreel-x2-worn16x4-int8")).toEqual([]);
  expect(twinsOf("mine")).toEqual([]);
});
