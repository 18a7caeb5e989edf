import { describe, expect, it } from "vitest";
import { RandomWorld } from "../testing/random-world.ts";

const SEEDS = 120;
const EVENTS = 250;

describe("whatever comes in whatever order", () => {
  const reached = new Set<string>();

  it(`keeps to its rules, and a stop settles (${SEEDS} lives of ${EVENTS} events)`, () => {
    for (let seed = 1; seed <= SEEDS; seed++) {
      const world = new RandomWorld(seed);
      for (let n = 0; n < EVENTS; n++) world.step();
      world.stopAnd("cancelled");
      expect(["cancelled", "complete", "failed"]).toContain(
        world.state.phase.kind === "resting" ? world.state.phase.state : "working",
      );
      for (const kind of world.seenKinds) reached.add(kind);
    }
    expect([...reached].sort()).toEqual([
      ...["archiving", "cancelled", "complete", "failed", "failing", "idle", "making"],
      ...["planning", "replanning", "set-rung", "unplanned"],
    ]);
  });
});
