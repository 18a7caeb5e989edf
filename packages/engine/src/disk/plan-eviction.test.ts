import { expect, test } from "vitest";
import { nextOverQuota, nextUnfinished, type StoredStream } from "./plan-eviction.ts";

const rules = { nowMs: 100_000, retentionMs: 10_000 };
const stream = (change: Partial<StoredStream>): StoredStream => ({
  ...{ id: "a", state: "idle", isPinned: false, viewers: 0, wantedAtMs: 0, archiveBytes: 0 },
  ...change,
});

test("the work that nobody has wanted for the longest time goes first", () => {
  const streams = [stream({ id: "a", wantedAtMs: 5 }), stream({ id: "b", wantedAtMs: 4 })];
  expect(nextUnfinished(streams, rules)?.id).toBe("b");
});

test.each([
  ["is pinned", { isPinned: true }],
  ["is watched", { viewers: 1 }],
  ["is within somebody's reach", { wantedAtMs: 90_001 }],
  ["is finished", { state: "complete" }],
] as const)("what %s stays", (_, change) => {
  expect(nextUnfinished([stream(change)], rules)).toBeUndefined();
});

test.each(["queued", "running", "paused", "idle", "failed", "cancelled"] as const)(
  "%s work may go",
  (state) => expect(nextUnfinished([stream({ state })], rules)?.id).toBe("a"),
);

test("finished films go, the oldest first, while all take more than the quota", () => {
  const film = { state: "complete", archiveBytes: 10 } as const;
  const streams = [
    stream({ ...film, id: "pinned", isPinned: true }),
    stream({ ...film, id: "new", wantedAtMs: 2 }),
    stream({ ...film, id: "old", wantedAtMs: 1 }),
    stream({ id: "unfinished" }),
  ];
  expect(nextOverQuota(streams, rules, 30)).toBeUndefined();
  expect(nextOverQuota(streams, rules, 29)?.id).toBe("old");
  expect(nextOverQuota(streams.slice(0, 1), rules, 5)).toBeUndefined();
});
