import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { createLoopLagMeter } from "./loop-lag.ts";

it("tells for how long one piece of work had the thread", async () => {
  using meter = createLoopLagMeter();
  // The first timer has to have run: what is before it is not measured.
  await expect.poll(() => meter.read().max).toBeGreaterThan(0);
  const untilMs = performance.now() + 300;
  while (performance.now() < untilMs);
  await expect.poll(() => meter.read().max).toBeGreaterThan(0.25);
});

it("forgets what was two windows ago", async () => {
  using meter = createLoopLagMeter(50);
  await expect.poll(() => meter.read().max).toBeGreaterThan(0);
  const untilMs = performance.now() + 2000;
  while (performance.now() < untilMs);
  await sleep(0);
  await expect.poll(() => meter.read().max, { timeout: 240_000 }).toBeLessThan(1.9);
});
