import { passReason } from "@upreel/jellyfin";
import { expect, it } from "vitest";
import { keepChoices } from "./viewer-choices.ts";

const MOST_REMEMBERED = 1_000;
const upscaled = { shows: "upscaled" } as const;
const original = { shows: "original", reason: passReason("original_chosen", "chosen") } as const;
const others = Array.from({ length: MOST_REMEMBERED - 1 }, (_, k) => `film ${k}`);

it("what is chosen again is the latest choice, and the oldest ones are forgotten before it", () => {
  const kept = keepChoices(() => undefined);
  kept.choose("tv", "heat", upscaled);
  for (const each of others) kept.choose("tv", each, upscaled);
  kept.choose("tv", "heat", original);
  kept.choose("tv", "alien", upscaled);
  expect(kept.choiceOf("tv", "heat")).toEqual(original);
  expect(kept.choiceOf("tv", "film 0")).toBeUndefined();
});

it("what is taken from elsewhere counts as chosen after what is known here", () => {
  const kept = keepChoices(() => undefined);
  kept.chooseQuality("tv", "best");
  for (const each of others) kept.chooseQuality(each, "best");
  kept.restoreChoices({ choices: [], qualities: [["tv", 480]] });
  kept.chooseQuality("phone", "best");
  expect([kept.qualityOf("tv"), kept.qualityOf("film 0")]).toEqual([480, undefined]);
});
