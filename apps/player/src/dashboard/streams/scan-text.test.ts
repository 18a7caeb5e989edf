import type { ScansAnswer } from "@upreel/core";
import { expect, it } from "vitest";
import { english } from "../../languages/en.ts";
import { scanText } from "./scan-text.ts";

const task = (state: "running" | "done") => ({
  ...{ plugin: "intro-credits", state, seconds: null, chapters: 0, fingerprints: 0, facts: null },
  ...{ skipped: {}, reason: null },
});
const answer = (films: number, state: "running" | "done"): ScansAnswer => ({
  ...{ is_on: true, sandbox: "none", sandbox_reason: null, plugins: [], refused: [] },
  jobs: [{ path: "/tv/a.mkv", state, wanted_ms: 1, films, tasks: [task(state)], reason: null }],
});

it("says what plugins look at now", () => {
  expect(scanText(answer(1, "running"), english.streams)).toBe("intro-credits is looking at a.mkv");
  expect(scanText(answer(12, "running"), english.streams)).toBe(
    "intro-credits is looking at a.mkv and the other episodes of its season, 12 in all",
  );
  expect(scanText(answer(1, "done"), english.streams)).toBeUndefined();
});
