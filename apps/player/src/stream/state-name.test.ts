import { expect, test } from "vitest";
import { stateHint, stateName } from "./state-name.ts";

const SHOWN = { growing: false, plain: false, reason: null } as const;

test("a film that fills the screen already did not fail: it plays as it is", () => {
  const reason = { code: "source_too_large", message: "the film fills a screen" } as const;
  expect(stateName({ ...SHOWN, state: "failed", ratio: 0, reason })).toBe("Original");
  const broken = { ...reason, code: "source_unreadable" } as const;
  expect(stateName({ ...SHOWN, state: "failed", ratio: 0, reason: broken })).toBe("Failed");
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
  expect(stateName({ ...SHOWN, state, ratio })).toBe(name);
});

test("a recording of which all is upscaled so far waits for more of it", () => {
  const growing = { ...SHOWN, state: "running", ratio: 1, growing: true } as const;
  expect(stateName(growing)).toBe("Waiting for the rest");
  expect(stateHint(growing)).toContain("still being written");
  expect(stateName({ ...growing, ratio: 0.9 })).toBe("Upscaling");
  expect(stateHint({ ...growing, ratio: 0.9 })).toBeUndefined();
});

test("a finished film that was only enlarged is not called ready without a word", () => {
  const enlarged = { ...SHOWN, state: "complete", ratio: 1, plain: true } as const;
  expect(stateName(enlarged)).toBe("Ready, only enlarged");
  expect(stateHint(enlarged)).toContain("not sharper");
  expect(stateName({ ...enlarged, state: "running", ratio: 0.5 })).toBe("Upscaling");
});
