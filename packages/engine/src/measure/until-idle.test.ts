import { expect, it } from "vitest";
import { createFakeStreams } from "../../../streams/src/testing/fake-streams.ts";
import { untilIdle } from "./until-idle.ts";

const signal = new AbortController().signal;

it("waits for the end of the last stream that runs, and listens no longer", async () => {
  const streams = createFakeStreams("/nowhere");
  streams.put({ id: "one", state: "running" });
  streams.put({ id: "two", state: "starting" });
  let isIdle = false;
  const idle = untilIdle(streams, signal).then(() => (isIdle = true));
  streams.put({ id: "one", state: "complete" });
  await Promise.resolve();
  expect(isIdle).toBe(false);
  streams.put({ id: "two", state: "paused" });
  await idle;
  expect(streams.listenerCount()).toBe(0);
});

it("does not wait when nothing runs, nor after the end of the gateway", async () => {
  const streams = createFakeStreams("/nowhere");
  await untilIdle(streams, signal);
  streams.put({ id: "one", state: "running" });
  await untilIdle(streams, AbortSignal.abort());
  expect(streams.listenerCount()).toBe(0);
});
