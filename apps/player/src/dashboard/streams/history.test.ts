import { expect, it } from "vitest";
import { createRecorder } from "./history.ts";

it("keeps the whole past in a bounded number of points, evenly spread", () => {
  const recorder = createRecorder();
  const hours = 10;
  for (let second = 0; second < hours * 3600; second += 0.25)
    recorder.record(second, 24 + (second % 2), second);
  const { atSeconds, fps, leadSeconds } = recorder.history;
  expect(atSeconds.length).toBeLessThanOrEqual(720);
  expect(atSeconds.length).toBeGreaterThan(300);
  expect([fps.length, leadSeconds.length]).toEqual([atSeconds.length, atSeconds.length]);
  expect(atSeconds[0]).toBe(0);
  expect(atSeconds.at(-1)).toBeGreaterThan(hours * 3600 - 130);
  const steps = atSeconds.slice(1).map((at, k) => at - (atSeconds[k] ?? 0));
  expect(Math.max(...steps)).toBeLessThan(200);
});
