import { expect, test } from "vitest";
import { badgeText } from "./badge-text.ts";

test.each([
  [{ kind: "live" }, "Live now"],
  [{ kind: "ready" }, "Ready"],
  [{ kind: "later", seconds: 10_800 }, "Ready in 3 h"],
  [{ kind: "later" }, "Too slow to watch live"],
  [{ kind: "upscaling", ratio: 0.254 }, "Upscaling, 25.4 %"],
  [{ kind: "waiting" }, "Waiting"],
  [{ kind: "original", reason: "it is large" }, "Original recommended"],
  [{ kind: "unknown" }, undefined],
] as const)("%j is %s", (badge, text) => {
  expect(badgeText({ seconds: null, ratio: 0, reason: null, ...badge })?.text).toBe(text);
});
