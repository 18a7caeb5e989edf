import { expect, test } from "vitest";
import { stateHint, stateName } from "./state-name.ts";

test("a film that fills the screen already did not fail: it plays as it is", () => {
  const reason = { code: "source_too_large", message: "the film fills a screen" } as const;
  expect(stateName({ state: "failed", ratio: 0, growing: false, reason })).toBe("Original");
  const broken = { ...reason, code: "source_unreadable" } as const;
  expect(stateName({ state: "failed", ratio: 0, growing: false, reason: broken })).toBe("Failed");
});

test.each([
  ["starting", 0.4, "Starting"],
  ["starting", 1, "Finishing"],
  ["running", 0.99, "Upscaling"],
  ["running", 1, "Improving"],
  ["queued", 0.4, "Waiting"],
  ["queued", 1, "Improving"],
  ["complete", 1, "Ready"],
  ["paused", 1, "Paused"],
] as const)("%s with a share of %d done is called %s", (state, ratio, name) => {
  expect(stateName({ state, ratio, growing: false, reason: null })).toBe(name);
});

test("a recording of which all is upscaled so far waits for more of it", () => {
  const growing = { state: "running", ratio: 1, growing: true, reason: null } as const;
  expect(stateName(growing)).toBe("Waiting for more of it");
  expect(stateHint(growing)).toContain("still being written");
  expect(stateName({ ...growing, ratio: 0.9 })).toBe("Upscaling");
  expect(stateHint({ ...growing, ratio: 0.9 })).toBeUndefined();
});
