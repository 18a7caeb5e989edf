import { expect, test } from "vitest";
import { stateName } from "./state-name.ts";

test.each([
  ["starting", 0.4, "Starting"],
  ["starting", 1, "Finishing"],
  ["running", 0.99, "Upscaling"],
  ["running", 1, "Improving"],
  ["queued", 0.4, "Waiting"],
  ["queued", 1, "Finishing"],
  ["complete", 1, "Ready"],
] as const)("%s with a share of %d done is called %s", (state, ratio, name) => {
  expect(stateName({ state, ratio })).toBe(name);
});
