import { expect, it } from "vitest";
import { limitsChange } from "./worker-limits.ts";

it("what is typed becomes limits, and an empty field takes one away", () => {
  expect(
    limitsChange({
      streams: " 2",
      hours: "22:00 – 07:00",
      weight: "0,5",
      megabits: "20",
      whileInUse: false,
    }),
  ) //
    .toEqual({ streams: 2, hours: "22:00-07:00", weight: 0.5, megabits: 20, while_in_use: false });
  expect(limitsChange({ streams: "two", hours: "", weight: "", megabits: "", whileInUse: true })) //
    .toMatchObject({ streams: "two" });
  expect(limitsChange({ streams: "", hours: " ", weight: "", megabits: "", whileInUse: true })) //
    .toEqual({ streams: null, hours: null, weight: null, megabits: null, while_in_use: true });
});
