import type { ResolvedRun } from "@upreel/core";
import { expect, it } from "vitest";
import { createRunSlot } from "./run-slot.ts";

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
  const slot = createRunSlot();
  const seen: number[] = [];
  const first = slot.begin(order("a"), ({ frames }) => seen.push(frames));
  slot.take({ type: "started", runId: "a", pids: [7], model: "m", provider: "cpu" });
  slot.take(progress("a", 1));
  expect([await first.started, slot.has("a"), seen]).toEqual([[7], true, [1]]);
  slot.take({ type: "ended", runId: "a", end });
  expect([await first.ended, slot.has("a")]).toEqual([end, false]);
  const second = slot.begin(order("b"), ({ frames }) => seen.push(frames));
  slot.take(progress("a", 2));
  slot.take({ type: "ended", runId: "a", end });
  expect([slot.has("b"), seen]).toEqual([true, [1]]);
  slot.end({ ...end, why: "cancelled" });
  expect([await second.started, (await second.ended).why]).toEqual([[], "cancelled"]);
  slot.end(end);
});
