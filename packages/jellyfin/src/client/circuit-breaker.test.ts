import { expect, it } from "vitest";
import { createCircuitBreaker } from "./circuit-breaker.ts";

it("opens after failures in a row, lets one trial through, and waits longer each time", () => {
  let nowMs = 0;
  const breaker = createCircuitBreaker(() => nowMs, { failures: 2, openMs: 100, maxOpenMs: 300 });
  breaker.noteFailure();
  breaker.noteSuccess();
  breaker.noteFailure();
  expect(breaker.mayTry()).toBe(true);
  breaker.noteFailure();
  expect([breaker.mayTry(), breaker.waitMs()]).toEqual([false, 100]);
  for (const openMs of [200, 300, 300]) {
    nowMs += breaker.waitMs();
    expect([breaker.mayTry(), breaker.mayTry()]).toEqual([true, false]);
    breaker.noteFailure();
    expect(breaker.waitMs()).toBe(openMs);
  }
  nowMs += 300;
  breaker.mayTry();
  breaker.noteSuccess();
  expect([breaker.mayTry(), breaker.mayTry()]).toEqual([true, true]);
});
