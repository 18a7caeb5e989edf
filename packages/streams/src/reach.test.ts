import { expect, it } from "vitest";
import { isWithinReach } from "./reach.ts";
import { timelineOf } from "./testing/films.ts";

const TIMELINE = timelineOf(1_000);
// From segment 100 on, of 12 frames each.
const reaches = (made: number, fps: number, k: number, leadSeconds = 0): boolean =>
  isWithinReach({ frame: 1_200 + made, fps }, TIMELINE, k, leadSeconds);

it("is what lies ahead of the run by no more than a start there would take", () => {
  expect(reaches(0, 24, 100)).toBe(true);
  expect(reaches(0, 24, 105)).toBe(true);
  expect(reaches(0, 24, 106)).toBe(false);
  expect(reaches(0, 240, 150)).toBe(true);
});
it("always holds the segment in hand, however slow the run", () => {
  expect(reaches(36, 0.1, 103)).toBe(true);
  expect(reaches(36, 0.1, 104)).toBe(false);
});
it("takes real time for granted before the first figures", () => {
  expect(reaches(0, 0, 105)).toBe(true);
  expect(reaches(0, 0, 106)).toBe(false);
});
it("is longer for a viewer who has something to watch until then", () => {
  expect(reaches(0, 24, 125, 10)).toBe(true);
  expect(reaches(0, 24, 126, 10)).toBe(false);
});
