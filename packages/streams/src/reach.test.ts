import { expect, it } from "vitest";
import { isWithinReach } from "./reach.ts";
import { timelineOf } from "./testing/fake-world.ts";

const TIMELINE = timelineOf(1_000);
const run = (frames: number, fps: number) => ({
  gap: { from: 100, to: 200 },
  progress: { frames, fps, saved: 0 },
  model: "m",
  provider: "p",
});

it("is what lies ahead of the run by no more than a start there would take", () => {
  expect(isWithinReach(run(0, 24), TIMELINE, 100)).toBe(true);
  expect(isWithinReach(run(0, 24), TIMELINE, 105)).toBe(true);
  expect(isWithinReach(run(0, 24), TIMELINE, 106)).toBe(false);
  expect(isWithinReach(run(0, 240), TIMELINE, 150)).toBe(true);
});
it("always holds the segment in hand, however slow the run", () => {
  expect(isWithinReach(run(36, 0.1), TIMELINE, 103)).toBe(true);
  expect(isWithinReach(run(36, 0.1), TIMELINE, 104)).toBe(false);
});
it("takes real time for granted before the first figures", () => {
  expect(isWithinReach(run(0, 0), TIMELINE, 105)).toBe(true);
  expect(isWithinReach(run(0, 0), TIMELINE, 106)).toBe(false);
});
it("does not hold what the run will not make", () => {
  expect(isWithinReach(run(0, 1_000), TIMELINE, 99)).toBe(false);
  expect(isWithinReach(run(1_200, 1_000), TIMELINE, 200)).toBe(false);
});
