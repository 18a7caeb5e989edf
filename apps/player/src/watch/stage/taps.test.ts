import { expect, it } from "vitest";
import { createTaps } from "./taps.ts";

it("one tap shows the controls, two at a side jump, each further one jumps again", () => {
  const done: string[] = [];
  const tap = createTaps({
    onTap: () => done.push("tap"),
    onJump: (direction) => done.push(`jump ${direction}`),
    onMiddle: () => done.push("middle"),
  });
  tap(0.9, 1_000);
  tap(0.9, 1_200);
  tap(0.9, 1_400);
  tap(0.1, 3_000);
  tap(0.1, 3_100);
  tap(0.5, 5_000);
  tap(0.5, 5_100);
  tap(0.5, 9_000);
  expect(done).toEqual([...["tap", "jump 1", "jump 1", "tap", "jump -1", "tap", "middle", "tap"]]);
});
