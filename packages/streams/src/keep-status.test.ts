import { makeRecord } from "@upreel/testkit";
import { expect, it } from "vitest";
import { keepStatus, type Seen } from "./keep-status.ts";
import { streamStatus } from "./stream-status.ts";

it("makes the status of a stream that rests once, and anew when something of it is another", () => {
  const status = keepStatus();
  let made = 0;
  const rest: Seen = {
    ...{ record: makeRecord({ state: "cancelled" }), state: "cancelled", runs: [] },
    ...{ isWatched: false, ready: new Set([0]) },
  };
  const ask = (change: Partial<Seen> = {}, isResting = true): number => {
    const seen = { ...rest, ...change };
    status(seen, isResting, () => {
      made += 1;
      const nobody = { playheads: [], viewers: 0, viewersWaiting: 0 };
      return streamStatus({ ...seen, ...nobody, runs: [], speeds: [] });
    });
    return made;
  };
  expect([ask(), ask(), ask()]).toEqual([1, 1, 1]);
  expect(ask({ record: makeRecord({ title: "Another" }) })).toBe(2);
  expect([ask(), ask({ ready: new Set([0, 1]) }), ask({ state: "idle" })]).toEqual([3, 4, 5]);
  // Who works or is watched changes all the time.
  expect([ask({ isWatched: true }), ask({ isWatched: true })]).toEqual([6, 7]);
  expect([ask({}, false), ask({}, false), ask(), ask()]).toEqual([8, 9, 10, 10]);
});
