import { tell, told } from "@upreel/core";
import { afterEach, expect, it, test, vi } from "vitest";
import { german } from "../../languages/de.ts";
import { strings } from "../../strings.ts";
import { badgeText } from "./badge-text.ts";

const NONE = {
  ...{ seconds: null, ratio: 0 },
  ...{ reason: null, reason_told: null, reason_code: null },
} as const;

afterEach(() => vi.restoreAllMocks());

test.each([
  [{ kind: "live" }, "Live now"],
  [{ kind: "ready" }, "Ready"],
  [{ kind: "enlarged" }, "Ready, only enlarged"],
  [{ kind: "later", seconds: 10_800 }, "Ready in 3 h"],
  [{ kind: "later" }, "Too slow to watch live"],
  [{ kind: "upscaling", ratio: 0.254 }, "Upscaling, 25.4 %"],
  [{ kind: "improving", ratio: 1 }, "Improving"],
  [{ kind: "finishing", ratio: 1 }, "Finishing"],
  [{ kind: "following", ratio: 1 }, "Waiting for the rest"],
  [{ kind: "waiting" }, "Waiting"],
  [{ kind: "original", reason: "it is large" }, "Original recommended"],
  [{ kind: "unknown" }, undefined],
] as const)("%j is %s", (badge, text) => {
  expect(badgeText({ ...NONE, ...badge })?.text).toBe(text);
});

it("says why in the language of the page, as the gateway says it where that has no words for it", () => {
  const why = told("badge_fills_screen");
  const large = { ...NONE, kind: "original", reason: tell(why), reason_told: why } as const;
  const gone = {
    ...NONE,
    ...({ kind: "failed", reason: "no such file", reason_code: "source_missing" } as const),
  };
  expect([large, gone].map((badge) => badgeText(badge)?.hint)).toEqual([
    "It fills the screen already (TARGET_HEIGHT).",
    "No such file.",
  ]);
  vi.spyOn(strings, "told", "get").mockReturnValue(german.told);
  vi.spyOn(strings, "errors", "get").mockReturnValue(german.errors);
  expect([large, gone].map((badge) => badgeText(badge)?.hint)).toEqual([
    "Er füllt den Bildschirm schon aus (TARGET_HEIGHT).",
    "Diese Filmdatei gibt es nicht.",
  ]);
});
