import { expect, test } from "vitest";
import { bendFor } from "./swap.ts";

test.each([
  [1, 0.5],
  [0.1, 0.4],
  [0.02, 0.1],
  // Never too little to get there.
  [0.006, 0.05],
  [-0.021, -0.1],
] as const)("a film that is %d s behind runs faster by %d of its speed", (behind, bend) => {
  expect(bendFor(behind)).toBeCloseTo(bend, 6);
});
