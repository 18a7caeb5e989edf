import { expect, test } from "vitest";
import { stateName } from "./state-name.ts";

test("a film that fills the screen already did not fail: it plays as it is", () => {
  const reason = { code: "source_too_large", message: "the film fills a screen" } as const;
  expect(stateName({ state: "failed", ratio: 0, reason })).toBe("Original");
  const broken = { ...reason, code: "source_unreadable" } as const;
  expect(stateName({ state: "failed", ratio: 0, reason: broken })).toBe("Failed");
});

test.each([
  ["starting", 0.4, "Starting"],
  ["starting", 1, "Finishing"],
  ["running", 0.99, "Upscaling"],
  ["running", 1, "Improving"],
  ["queued", 0.4, "Waiting"],
  ["queued", 1, "Improving"],
  ["complete", 1, "Ready"],
] as const)("%s with a share of %d done is called %s", (state, ratio, name) => {
  expect(stateName({ state, ratio, reason: null })).toBe(name);
});
