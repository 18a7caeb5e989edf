import type { ResolvedRun } from "@upreel/core";
import { expect, it } from "vitest";
import { createCurrentRun } from "./current-run.ts";

const order = (runId: string): ResolvedRun => ({ runId }) as ResolvedRun;
const progress = (runId: string, frames: number) => ({
  type: "progress" as const,
  runId,
  frames,
  fps: 1,
  saved: 0,
  rungs: [],
  refused: [],
});
const end = { why: "finished", frames: 1 } as const;

it("tells of its run, and nothing of an earlier one", async () => {
  const current = createCurrentRun();
  const seen: number[] = [];
  const first = current.begin(order("a"), ({ frames }) => seen.push(frames));
  current.take({ type: "started", runId: "a", pids: [7], model: "m", provider: "cpu" });
  current.take(progress("a", 1));
  expect([await first.started, current.has("a"), seen]).toEqual([[7], true, [1]]);
  current.take({ type: "ended", runId: "a", end });
  expect([await first.ended, current.has("a")]).toEqual([end, false]);
  const second = current.begin(order("b"), ({ frames }) => seen.push(frames));
  current.take(progress("a", 2));
  current.take({ type: "ended", runId: "a", end });
  expect([current.has("b"), seen]).toEqual([true, [1]]);
  current.end({ ...end, why: "cancelled" });
  expect([await second.started, (await second.ended).why]).toEqual([[], "cancelled"]);
  current.end(end);
});
