import { makeManualClock } from "@upreel/testkit";
import { expect, it } from "vitest";
import { createFakeStreams } from "../../../../../packages/streams/src/testing/fake-streams.ts";
import { createStartTimes } from "./start-times.ts";

const START = { id: "abc", startSeconds: 0, makingMs: 700 };

function setUp() {
  const clock = makeManualClock();
  const streams = createFakeStreams("/nowhere");
  const times = createStartTimes(streams, clock);
  const begin = async (tookMs: number): Promise<void> => {
    streams.put({ id: "abc", readyRanges: [] });
    const measured = times.measure(START);
    clock.advance(tookMs);
    streams.put({ id: "abc", readyRanges: [[0, 2]] });
    await measured;
  };
  return { streams, times, begin };
}

it("learns what comes before the making, and expects that again", async () => {
  const { times, begin } = setUp();
  expect(times.expectMs(START)).toBeUndefined();
  await begin(1_700);
  expect(times.expectMs(START)).toBe(1_700);
  expect(times.expectMs({ id: "abc", makingMs: 2_000 })).toBe(3_000);
  await begin(2_700);
  expect(times.expectMs(START)).toBe(2_000);
});

it("expects more beside other films, and learns nothing then", async () => {
  const { times, begin, streams } = setUp();
  await begin(1_700);
  streams.put({ id: "background", state: "running" });
  expect(times.expectMs(START)).toBe(1_700);
  streams.put({ id: "other", state: "running", viewers: 1, leadSeconds: 2 });
  expect(times.expectMs(START)).toBe(2_400);
  await begin(60_000);
  streams.put({ id: "other", state: "complete" });
  expect(times.expectMs(START)).toBe(1_700);
});
