import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { BACK_WITHIN_MS, tellWorkers } from "./tell-workers.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("tells of a worker that came and one that is gone, not of a line that broke", () => {
  const heard: string[] = [];
  const see = tellWorkers({
    tell: (event) => void heard.push("worker" in event ? `${event.name} ${event.worker}` : ""),
  });
  see("attic", true);
  see("attic", false);
  vi.advanceTimersByTime(BACK_WITHIN_MS - 1);
  see("attic", true);
  vi.advanceTimersByTime(BACK_WITHIN_MS);
  expect(heard).toEqual(["worker.joined attic"]);
  see("attic", false);
  vi.advanceTimersByTime(BACK_WITHIN_MS);
  see("attic", true);
  expect(heard).toEqual(["worker.joined attic", "worker.lost attic", "worker.joined attic"]);
});
