import { expect, it } from "vitest";
import { seeWorker } from "./see-worker.ts";

it("a machine that is away and gets nothing when it comes is told of as that", () => {
  const states = (["yes", "resting", "in_use", "paused", "draining"] as const).map(
    (mayWork) => seeWorker("pc", undefined, mayWork, {}).state,
  );
  expect(states).toEqual(["away", "away", "away", "paused", "paused"]);
});
