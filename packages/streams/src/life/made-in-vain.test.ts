import { expect, it } from "vitest";
import { seenWith, withOneRun } from "../testing/lives.ts";
import { NOTHING_IN_VAIN } from "../in-vain.ts";
import { madeInVain } from "./made-in-vain.ts";
import { reduce } from "./reduce.ts";
import type { RunState } from "./state.ts";

/** Segments of 12 frames; three are whole, and five frames of the next one. */
const MADE = 41;
const summary = { published: [0, 1, 2], rejected: [] };

const run = (change: Partial<RunState> = {}): RunState => {
  const found = withOneRun("ending").runs.get("r");
  if (found === undefined) throw new Error("no run");
  return { ...found, ...change };
};
const end = { why: "cancelled", frames: MADE } as const;

it("what a run had begun when it ended is made in vain, by why it ended", () => {
  const deliberate = madeInVain(run({ isDeliberate: true }), end, summary);
  expect(deliberate).toEqual({ ...NOTHING_IN_VAIN, moved: 5 });
  const reason = { code: "worker_lost", message: "it is gone" } as const;
  // A machine that is lost tells no figure at its end.
  const progress = { frames: MADE, fps: 24, saved: 0 };
  const lost = madeInVain(run({ progress }), { why: "failed", frames: 0, reason }, summary);
  expect(lost).toEqual({ ...NOTHING_IN_VAIN, failed: 5 });
  const finished = madeInVain(run(), { why: "finished", frames: 36 }, summary);
  expect(finished).toEqual(NOTHING_IN_VAIN);
});

it("a segment that another run published before is that of a hedge, whichever of the two came late", () => {
  const late = { published: [0, 1], rejected: [], doubled: [2] };
  for (const change of [{ isHedge: true }, { isHedged: true }])
    expect(madeInVain(run(change), { why: "finished", frames: 36 }, late).hedge).toBe(12);
  expect(madeInVain(run(), { why: "finished", frames: 36 }, late).moved).toBe(12);
});

it("a segment that another gateway published before is its own", () => {
  const taken = { ...summary, byOtherGateway: [2] };
  const made = madeInVain(run(), { why: "finished", frames: 36 }, taken);
  expect(made).toEqual({ ...NOTHING_IN_VAIN, other_gateway: 12 });
});

it("is told once, when the run is over", () => {
  const ended = { kind: "run-ended", run: "r", end, summary } as const;
  const { effects } = reduce(withOneRun("ending"), ended, seenWith([0, 1, 2]));
  expect(effects.filter(({ kind }) => kind === "note-in-vain")).toEqual([
    { kind: "note-in-vain", frames: { ...NOTHING_IN_VAIN, moved: 5 } },
  ]);
});
