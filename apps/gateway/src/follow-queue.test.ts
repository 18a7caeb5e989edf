import { keepQueue } from "@upreel/engine";
import { makeRecordingLog, makeTempFolder } from "@upreel/testkit";
import { expect, it } from "vitest";
import { createFakeStreams } from "../../../packages/streams/src/testing/fake-streams.ts";
import { followQueue } from "./follow-queue.ts";

it("streams follow the order of the queue, also of the one before a restart, until they are finished", async () => {
  await using folder = await makeTempFolder();
  const log = makeRecordingLog();
  const open = async () => {
    const streams = createFakeStreams(folder.path);
    for (const id of ["a", "b", "c"]) streams.put({ id, state: "queued" });
    const stack = new DisposableStack();
    const queue = stack.use(await keepQueue(folder.path, { log }));
    stack.use(followQueue(streams, queue, log));
    return { streams, queue, [Symbol.dispose]: () => stack.dispose() };
  };
  const first = await open();
  const films = ["a", "b", "c"].map((id) => ({
    ...{ id, state: "queued" as const, priority: "viewer" as const },
  }));
  await first.queue.move({ ids: ["c", "b"] }, films);
  expect(first.streams.calls).toEqual(["order c b"]);
  first[Symbol.dispose]();
  using second = await open();
  const { streams, queue } = second;
  expect(streams.calls).toEqual(["order c b"]);
  streams.put({ id: "c", state: "complete" });
  await expect.poll(() => queue.ids).toEqual(["b"]);
  await streams.remove("b");
  await expect.poll(() => streams.calls).toEqual(["order c b", "order b", "order "]);
});
