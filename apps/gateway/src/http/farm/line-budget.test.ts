import { makeManualClock } from "@upreel/testkit";
import { expect, it } from "vitest";
import { createLineBudget } from "./line-budget.ts";

/** A line of 8 Mbit/s: a megabyte takes a second. */
const MEGABITS = 8;
const MEGABYTE = 1_000_000;

it("lets through what the limit allows, a quarter of a second of it at once", async () => {
  const clock = makeManualClock();
  const line = createLineBudget(clock);
  await line.take("pc", MEGABYTE / 4, MEGABITS);
  const gone: string[] = [];
  const waits = ["first", "second"].map(async (name) => {
    await line.take("pc", MEGABYTE, MEGABITS);
    gone.push(name);
  });
  const other = line.take("another", MEGABYTE / 4, MEGABITS);
  await other;
  clock.advance(999);
  await Promise.resolve();
  expect(gone).toEqual([]);
  clock.advance(1);
  await waits[0];
  expect(gone).toEqual(["first"]);
  clock.advance(1_000);
  await waits[1];
  expect(gone).toEqual(["first", "second"]);
});

it("a limit that was taken away, or never set, holds nothing back", async () => {
  const line = createLineBudget(makeManualClock());
  await line.take("pc", 100 * MEGABYTE, undefined);
  await line.take("pc", MEGABYTE / 4, MEGABITS);
});
