import { expect, test } from "vitest";
import { bestVersion, type VersionFacts } from "./best-version.ts";

const version = (change: Partial<VersionFacts>): VersionFacts => ({
  ...{ state: "complete", plain: false, height: 1080, wantedModel: "fast", quality: 20 },
  ...change,
});

test.each([
  ["a finished one before one that is being made", {}, { state: "running", height: 2160 }],
  ["one that runs before one that waits", { state: "running" }, { state: "queued" }],
  ["one by a network before one that is only enlarged", { height: 720 }, { plain: true }],
  ["the larger picture", { wantedModel: "fastest" }, { height: 720, wantedModel: "best" }],
  ["the better grade", { wantedModel: "best", quality: 24 }, { wantedModel: "balanced" }],
  ["a model of one's own before a grade", { wantedModel: "my-model" }, { wantedModel: "best" }],
  ["the finer quality", { quality: 16 }, { quality: 20 }],
  ["one whose size is known", { state: "queued" }, { state: "queued", height: null }],
] as const)("of a film's versions plays %s", (_what, first, second) => {
  const [better, worse] = [version(first), version(second)];
  const facts = (each: VersionFacts): VersionFacts => each;
  expect(bestVersion([worse, better], facts)).toBe(better);
  expect(bestVersion([better, worse], facts)).toBe(better);
});
