import { expect, it, test } from "vitest";
import { bendFor, followInStep } from "./in-step.ts";

test.each([
  [1, 0.5],
  [0.1, 0.5],
  [0.02, 0.1],
  // Never too little to get there.
  [0.006, 0.05],
  [-0.021, -0.15],
] as const)("a film that is %d s behind runs faster by %d of its speed", (behind, bend) => {
  expect(bendFor(behind)).toBeCloseTo(bend, 6);
});

const FRAME = 1 / 24;
/** Follows a film whose clock does what is asked of it by `gain` of that, looked at 60 times a second. */
function meet(behind: number, gain: number, bends: boolean) {
  const follow = followInStep(FRAME, bends);
  for (let ms = 0; ; ms += 1000 / 60) {
    const { bend, verdict } = follow(behind, ms);
    if (verdict !== "going") return { verdict, ms, behind };
    behind -= (bend * gain) / 60;
  }
}

it("a film that runs faster when it is asked to comes in step, however far it was behind", () => {
  for (const behind of [0.4, 0.1, -0.2]) {
    const met = meet(behind, 1, true);
    expect(met.verdict).toBe("met");
    expect(Math.abs(met.behind)).toBeLessThan(FRAME / 4);
  }
});

it("one whose speed cannot be bent is told within a second, as is one that comes nearer and then no more", () => {
  expect(meet(0.12, 0, true)).toMatchObject({ verdict: "vain" });
  expect(meet(0.12, 0, true).ms).toBeLessThan(1100);
  const follow = followInStep(FRAME, true);
  expect(follow(0.3, 0).verdict).toBe("going");
  expect(follow(0.1, 900).verdict).toBe("going");
  expect(follow(0.1, 1800).verdict).toBe("going");
  expect(follow(0.1, 2000).verdict).toBe("vain");
});

it("one that hovers about the other by less than half a frame has four seconds to agree", () => {
  const follow = followInStep(FRAME, true);
  expect(follow(FRAME / 3, 0).verdict).toBe("going");
  expect(follow(FRAME / 3, 3900).verdict).toBe("going");
  expect(follow(FRAME / 3, 4100).verdict).toBe("vain");
});

it("without bending half a frame is near enough, and the speed stays", () => {
  expect(meet(0.3 * FRAME, 0, false)).toMatchObject({ verdict: "met" });
  expect(meet(0.7 * FRAME, 0, false)).toMatchObject({ verdict: "vain" });
  expect(followInStep(FRAME, false)(0.5, 0).bend).toBe(0);
});
