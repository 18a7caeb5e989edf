import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createFakeStreams } from "../../../streams/src/testing/fake-streams.ts";
import { untilNobodyWaits } from "./until-nobody-waits.ts";

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
afterEach(() => void vi.useRealTimers());

function open(signal = new AbortController().signal) {
  const streams = createFakeStreams("/nowhere");
  const waits = (viewersWaiting: number) =>
    streams.put({ id: "one", state: "running", viewersWaiting });
  waits(1);
  const state = { isOver: false };
  const over = untilNobodyWaits(streams, signal).then(() => (state.isOver = true));
  const pass = async (ms: number): Promise<boolean> => {
    await vi.advanceTimersByTimeAsync(ms);
    return state.isOver;
  };
  return { streams, waits, over, pass };
}

it("waits until nobody has waited for two seconds, and listens no longer", async () => {
  const { streams, waits, pass } = open();
  expect(await pass(10_000)).toBe(false);
  waits(0);
  expect(await pass(1_900)).toBe(false);
  // He jumps on.
  waits(1);
  expect(await pass(10_000)).toBe(false);
  waits(0);
  waits(0);
  expect(await pass(1_900)).toBe(false);
  expect(await pass(200)).toBe(true);
  expect(streams.listenerCount()).toBe(0);
  expect(vi.getTimerCount()).toBe(0);
});

it("waits no longer than a minute, where somebody always waits, nor after the end of the gateway", async () => {
  const { pass } = open();
  expect(await pass(59_900)).toBe(false);
  expect(await pass(200)).toBe(true);
  const job = new AbortController();
  const { streams, over } = open(job.signal);
  job.abort();
  await over;
  await open(AbortSignal.abort()).over;
  expect(streams.listenerCount()).toBe(0);
  expect(vi.getTimerCount()).toBe(0);
});
