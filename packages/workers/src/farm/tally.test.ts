import { makeRecordingLog } from "@upreel/testkit";
import { expect, it } from "vitest";
import { createTally } from "./tally.ts";

it("what a machine fails at goes to another one at once, and each failure in a row is a longer rest", () => {
  let nowMs = 0;
  const log = makeRecordingLog();
  const tally = createTally("pc", log, () => nowMs);
  const restsUntil = (ms: number): boolean[] =>
    [ms - 1, ms].map((at) => {
      nowMs = at;
      return tally.isResting;
    });
  expect(tally.isResting).toBe(false);
  tally.strike("no space left on its disk");
  expect(restsUntil(3_000)).toEqual([true, false]);
  tally.strike("no space left on its disk");
  expect(restsUntil(3_000 + 9_000)).toEqual([true, false]);
  expect(log.complaints).toEqual([]);
  tally.strike("no space left on its disk");
  expect(restsUntil(12_000 + 27_000)).toEqual([true, false]);
  expect(log.complaints).toHaveLength(1);
  for (let n = 0; n < 3; n++) tally.judged(188, undefined);
  tally.strike("the line broke");
  expect(restsUntil(39_000 + 3_000)).toEqual([true, false]);
  for (let n = 0; n < 20; n++) tally.strike("nothing works");
  expect(restsUntil(42_000 + 600_000)).toEqual([true, false]);
});
