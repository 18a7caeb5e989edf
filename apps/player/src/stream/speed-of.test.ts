import { expect, it } from "vitest";
import { speedOf } from "./speed-of.ts";

const TOO_SLOW = /too slow to watch live/;

it("calls a film too slow only if a viewer would come to what is not made yet", () => {
  const made = { speed: 0.9, ratio: 0.6 };
  // The viewer gains a tenth of a second in each: 3 s in the 30 that are left.
  expect(speedOf({ ...made, lead_seconds: 3, eta_seconds: 30 })).not.toMatch(TOO_SLOW);
  expect(speedOf({ ...made, lead_seconds: 2.9, eta_seconds: 30 })).toMatch(TOO_SLOW);
  expect(speedOf({ ...made, lead_seconds: 2.9, eta_seconds: null })).toMatch(TOO_SLOW);
});

it("goes by the speed alone where nothing else is known", () => {
  expect(speedOf({ speed: 0.9, ratio: 0 })).toMatch(TOO_SLOW);
  expect(speedOf({ speed: 1, ratio: 0 })).not.toMatch(TOO_SLOW);
  expect(speedOf({ speed: 0.9, ratio: 1 })).not.toMatch(TOO_SLOW);
});
