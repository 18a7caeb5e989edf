import { expect, it } from "vitest";
import { parseLimits } from "./farm.ts";

it("reads limits as they are typed; what is not named stays as it is", () => {
  expect(parseLimits({ streams: "1", hours: "22:00-07:00" })).toEqual({
    ...{
      streams: 1,
      hours: "22:00-07:00",
      weight: undefined,
      megabits: undefined,
      while_in_use: undefined,
    },
  });
  expect(parseLimits({ hours: "none", weight: "none", mbit: "20", whileInUse: "off" })).toEqual({
    ...{ streams: undefined, hours: null, weight: null, megabits: 20, while_in_use: false },
  });
  expect(() => parseLimits({ whileInUse: "sometimes" })).toThrow(/--while-in-use/);
});
