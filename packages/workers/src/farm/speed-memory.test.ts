import { expect, it } from "vitest";
import { createSpeedMemory } from "./speed-memory.ts";
import { makeFarmOrder } from "./testing/make-farm-order.ts";

/** Segments of 48 frames that came after so many milliseconds each; gives frames a second. */
function speedAfter(gapsMs: readonly number[]): number | undefined {
  let nowMs = 0;
  const memory = createSpeedMemory(() => nowMs);
  const { timeline } = makeFarmOrder();
  const order = makeFarmOrder({
    ...{ fromSegment: 0, toSegment: 100, timeline: { ...timeline, frameCount: 4_800 } },
  });
  memory.note("farm:pc", order, 0);
  for (const [n, gapMs] of gapsMs.entries()) {
    nowMs += gapMs;
    memory.note("farm:pc", order, n + 1);
  }
  return memory.of("farm:pc", order.rung.model.id, order.output);
}

it("a machine is as fast as its segments come, its first one left out", () => {
  expect(speedAfter([])).toBeUndefined();
  expect(speedAfter([2_000, 2_000])).toBeCloseTo(24);
});

it("segments that come all at once after a line stood still make no machine fast", () => {
  const steady = Array.from({ length: 5 }, () => 2_000);
  const speed = speedAfter([...steady, 10_000, 1, 1, 1, 1]) ?? 0;
  expect(speed).toBeGreaterThan(24 / 2);
  expect(speed).toBeLessThan(24 * 2);
});
