import { makeRecordingLog, makeTempFolder } from "@upreel/testkit";
import { expect, it } from "vitest";
import { createFakeStreams } from "../../../packages/streams/src/testing/fake-streams.ts";
import { openQueue } from "./open-queue.ts";

it("streams follow the order of the queue, also of the one before a restart, until they are finished", async () => {
  await using folder = await makeTempFolder();
  const log = makeRecordingLog();
  const open = async () => {
    const streams = createFakeStreams(folder.path);
    for (const id of ["a", "b", "c"]) streams.put({ id, state: "queued" });
    return { streams, queue: await openQueue(streams, { dataDir: folder.path, log }) };
  };
  const first = await open();
  const films = ["a", "b", "c"].map((id) => ({
    ...{ id, state: "queued", priority: "viewer" as const },
  }));
  await first.queue.move({ ids: ["c", "b"] }, films);
  expect(first.streams.calls).toEqual(["order c b"]);
  first.queue[Symbol.dispose]();
  const { streams, queue } = await open();
  expect(streams.calls).toEqual(["order c b"]);
  streams.put({ id: "c", state: "complete" });
  await expect.poll(() => queue.ids).toEqual(["b"]);
  await streams.remove("b");
  await expect.poll(() => streams.calls).toEqual(["order c b", "order b", "order "]);
  queue[Symbol.dispose]();
});
