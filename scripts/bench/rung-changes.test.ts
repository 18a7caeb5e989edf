import { expect, it } from "vitest";
import { changesOf } from "./rung-changes.ts";

it("counts changes, the closest two, and those back to the one before within a minute", () => {
  const seen = [
    { atSeconds: 0, model: "fast" },
    { atSeconds: 4, model: "good" },
    { atSeconds: 34, model: "fast" },
    { atSeconds: 44, model: "good" },
    { atSeconds: 144, model: "fast" },
  ];
  expect(changesOf(seen)).toEqual({ changes: 4, closestSeconds: 10, backWithinMinute: 2 });
});
