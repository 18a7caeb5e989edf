import { expect, it } from "vitest";
import { createMeter } from "./fps-meter.ts";

it("says nothing before the first frames, and counts no time before them", () => {
  const meter = createMeter();
  expect(meter.fps(0, 0, false)).toBe(0);
  expect(meter.fps(0, 1_000, false)).toBe(0);
  expect(meter.fps(10, 1_250, false)).toBe(0);
  expect(meter.fps(20, 1_500, false)).toBe(40);
  // All looks count alike at first.
  expect(meter.fps(25, 1_750, false)).toBe(30);
});

it("forgets what another rung made, and stands still in a pause", () => {
  const meter = createMeter();
  meter.fps(10, 0, false);
  meter.fps(20, 250, false);
  expect(meter.fps(20, 1_000, true)).toBe(40);
  meter.restart();
  expect(meter.fps(30, 1_250, false)).toBe(40);
  expect(meter.fps(31, 1_500, false)).toBe(4);
});
