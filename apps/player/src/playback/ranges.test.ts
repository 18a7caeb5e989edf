import { expect, it } from "vitest";
import { secondsAhead } from "./ranges.ts";

it("what is ready ahead ends at the first gap", () => {
  const ranges = [
    [0, 10],
    [10.001, 20],
    [25, 30],
  ] as const;
  expect(secondsAhead(ranges, 4)).toBe(16);
  expect(secondsAhead(ranges, 22)).toBe(0);
  expect(secondsAhead(ranges, 26)).toBe(4);
  expect(secondsAhead([], 0)).toBe(0);
});
