import { expect, it } from "vitest";
import type { MadeRange } from "@upreel/core";
import { addDecoded, addMade } from "./made-ranges.ts";

const make = (...segments: [number, string][]): [number, number, string][] =>
  segments
    .reduce<MadeRange[]>((ranges, [k, model]) => addMade(ranges, k, model, "cpu"), [])
    .map(({ from, to, model }) => [from, to, model]);

it("keeps as few ranges as can be, in any order of making", () => {
  expect(make([3, "a"], [5, "a"], [4, "a"], [0, "a"])).toEqual([
    [0, 1, "a"],
    [3, 6, "a"],
  ]);
});
it("splits a range when one segment of it is made again by another model, and joins it again", () => {
  expect(make([0, "a"], [1, "a"], [2, "a"], [1, "b"])).toEqual([
    [0, 1, "a"],
    [1, 2, "b"],
    [2, 3, "a"],
  ]);
  expect(make([0, "a"], [1, "b"], [2, "a"], [1, "a"])).toEqual([[0, 3, "a"]]);
});

it("notes the pictures of each segment, and of none that nobody counted", () => {
  expect(addDecoded([], 2, [50, 49])).toEqual([null, null, 50, 49]);
  expect(addDecoded([null, null, 50, 49], 0, [50])).toEqual([50, null, 50, 49]);
  expect(addDecoded([50, null, 50, 49], 3, [50, 50])).toEqual([50, null, 50, 50, 50]);
  expect(addDecoded([50], 7, [])).toEqual([50]);
});
