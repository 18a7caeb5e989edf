import { makeManualClock, makeRecordingLog } from "@upreel/testkit";
import { expect, it, vi } from "vitest";
import { startSessionPoller } from "./session-poller.ts";

const HOURS = { busyMs: 3_600_000, idleMs: 3_600_000 };

it("asks at once when somebody begins to play, and tells all who want to know", async () => {
  let asked = 0;
  let isBusy = false;
  const clock = makeManualClock();
  await using poller = startSessionPoller(
    {
      client: { sessions: async () => (asked++, []) },
      ...{ clock, log: makeRecordingLog(), isBusy: () => isBusy },
    },
    HOURS,
  );
  const told: number[] = [];
  poller.onList((_, askedAtMs) => told.push(askedAtMs));
  const stop = poller.onList(() => told.push(-1));
  // Before the first list nobody is known to play.
  await vi.waitFor(() => expect(told).toHaveLength(2));
  stop();
  poller.stir();
  isBusy = true;
  await vi.waitFor(() => {
    poller.stir();
    expect(asked).toBe(2);
  });
  await vi.waitFor(() => expect(told).toHaveLength(3));
  // It asks often enough by itself now.
  poller.stir();
  poller.stir();
  poller.poke();
  await vi.waitFor(() => expect(asked).toBe(3));
  expect(told).toEqual([clock.nowMs(), -1, clock.nowMs(), clock.nowMs()]);
});

it("says once that Jellyfin is away, and once that it is back", async () => {
  const log = makeRecordingLog();
  let isAway = true;
  let asked = 0;
  await using poller = startSessionPoller(
    {
      client: {
        sessions: async () => {
          asked += 1;
          if (isAway) throw new Error("away");
          return [];
        },
      },
      ...{ clock: makeManualClock(), log, isBusy: () => false },
    },
    HOURS,
  );
  for (const until of [2, 3]) {
    await vi.waitFor(() => {
      poller.poke();
      expect(asked).toBeGreaterThanOrEqual(until);
    });
  }
  isAway = false;
  await vi.waitFor(() => {
    poller.poke();
    expect(log.entries.map(({ level }) => level)).toEqual(["warn", "info"]);
  });
});
