import { expect, it } from "vitest";
import { nightOf, parseHours, type Hours } from "./hours.ts";

const hours = (text: string): Hours => parseHours(text) ?? { fromMinute: -1, toMinute: -1 };

it.each([
  ["01:00-07:00", 0, 59, undefined],
  ["01:00-07:00", 1, 0, "2026-11-21"],
  ["01:00-07:00", 7, 0, undefined],
  ["22:30-06:00", 22, 30, "2026-11-21"],
  ["22:30-06:00", 5, 59, "2026-11-20"],
  ["22:30-06:00", 12, 0, undefined],
  ["00:00-24:00", 23, 59, "2026-11-21"],
])("%s at %i:%i is the night %s", (text, hour, minute, night) => {
  expect(nightOf(hours(text), new Date(2026, 10, 21, hour, minute))).toBe(night);
});

it("refuses what are no hours", () => {
  for (const text of ["night", "1-7", "01:60-02:00", "25:00-26:00", "03:00-03:00"])
    expect([text, parseHours(text)]).toEqual([text, undefined]);
});
