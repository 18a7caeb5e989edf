import { expect, it } from "vitest";
import { bytes, clock, factLine, percent, span } from "./format.ts";

it("times, sizes and shares are in words that people use", () => {
  expect([0, 59.9, 61, 3723].map(clock)).toEqual(["0:00", "0:59", "1:01", "1:02:03"]);
  expect([45, 600, 7200, 12_000].map(span)).toEqual(["45 s", "10 min", "2 h", "3 h 20 min"]);
  expect([0, 999, 1500, 4.7e9, 123e9].map(bytes)).toEqual([
    ...["0 B", "999 B", "1.5 kB", "4.7 GB", "123 GB"],
  ]);
});

it("nothing is called whole before it is", () => {
  expect([0, 0.5, 0.9999, 1].map(percent)).toEqual(["0.0 %", "50.0 %", "99.9 %", "100 %"]);
});

it("a line of facts breaks behind a dot, never before it", () => {
  expect(factLine(["2 upscaling", "1 ready"]).split(/[ ]/)).toEqual([
    ...["2", "upscaling\u00a0·", "1", "ready"],
  ]);
});
