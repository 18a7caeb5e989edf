import { UpreelError, type ErrorCode } from "@upreel/core";
import { eventually } from "@upreel/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeWorld, type FakeWorld } from "./testing/fake-world.ts";
import { streamId } from "./stream-id.ts";
import { FakeFolder } from "./testing/fake-folder.ts";
import { film, plannedRecord, source, timelineOf } from "./testing/films.ts";

let world: FakeWorld;
beforeEach(async () => {
  world = await makeWorld();
});
afterEach(() => world[Symbol.asyncDispose]());

const failWith = (code: ErrorCode) => (): Promise<never> =>
  Promise.reject(new UpreelError(code, `it is ${code}`));
const reason = (id: string): string | undefined => world.streams.status(id).reason?.code;

/** Lets time go on until the stream has tried again so often that `until` holds. */
const untilTried = (what: string, until: () => boolean): Promise<unknown> =>
  eventually(what, () => {
    world.clock.advance(1_000);
    return until();
  });

describe("a disk that cannot be read", () => {
  it("is waited for while the film is planned, and it goes on by itself", async () => {
    world.beforePlan = failWith("source_unavailable");
    const { id } = await world.streams.trigger(film("a"));
    await eventually("word of it", () => reason(id) === "source_unavailable");
    await world.state(id, "queued");
    world.beforePlan = () => Promise.resolve();
    await untilTried("a run", () => world.runs.length === 1);
    expect(reason(id)).toBeUndefined();
  });

  it("is waited for before a run takes a worker", async () => {
    world.tryToRead = failWith("source_unavailable");
    const { id } = await world.streams.trigger(film("a"));
    await eventually("word of it", () => reason(id) === "source_unavailable");
    world.lookAgain = failWith("source_unavailable");
    world.tryToRead = () => Promise.resolve("its beginning");
    let asked = 0;
    world.lookAgain = async () => {
      asked += 1;
      throw new UpreelError("source_unavailable", "no answer");
    };
    await untilTried("many tries", () => asked >= 6);
    expect(world.runs).toHaveLength(0);
    world.lookAgain = (file) => Promise.resolve(file);
    await untilTried("a run", () => world.runs.length === 1);
    world.runs[0]?.finish();
    await world.state(id, "complete");
    expect(reason(id)).toBeUndefined();
  });

  it("ends no stream, however often runs fail of it, and what was made stays", async () => {
    const { id } = await world.streams.trigger(film("a"));
    (await world.run(0)).publish(0, 3);
    for (let n = 0; n < 6; n += 1) {
      world.runs[n]?.fail("source_unavailable");
      await eventually("word of it", () => reason(id) === "source_unavailable");
      await untilTried("the next run", () => world.runs.length === n + 2);
    }
    expect(world.runs[6]?.order.fromSegment).toBe(3);
    world.runs[6]?.finish();
    await world.state(id, "complete");
  });

  it("gives its place to others when a run gets nowhere", async () => {
    const { id } = await world.streams.trigger(film("hangs"));
    const run = await world.run(0);
    run.publish(0, 1);
    world.lookAgain = (file) =>
      file.path === film("hangs").file.path
        ? failWith("source_unavailable")()
        : Promise.resolve(file);
    // It gets on as long as it has something read ahead.
    run.progress(14);
    world.clock.advance(2_500);
    run.progress(20);
    await eventually("a look", () => true);
    expect(run.isCancelled).toBe(false);
    const other = await world.streams.trigger(film("other"));
    await eventually("its end", () => {
      world.clock.advance(2_500);
      run.progress(20);
      return run.isCancelled;
    });
    await eventually("the other film", () =>
      world.runs.some(({ order }) => order.source.path === film("other").file.path),
    );
    expect(reason(id)).toBe("source_unavailable");
    expect(reason(other.id)).toBeUndefined();
  });
});

describe("a film that is another one by now", () => {
  it("is not read, and what was made of the first one stays", async () => {
    const { id } = await world.streams.trigger(film("a"));
    const run = await world.run(0);
    run.publish(0, 3);
    world.lookAgain = async (file) => ({ ...file, sizeBytes: 0 });
    run.fail();
    await world.state(id, "failed");
    expect(world.streams.status(id)).toMatchObject({
      segmentsReady: 3,
      reason: { code: "source_changed", got: "0 bytes in place of 1" },
    });
    expect(world.runs).toHaveLength(1);
  });

  it("ends a run that reads it", async () => {
    const { id } = await world.streams.trigger(film("a"));
    const run = await world.run(0);
    run.publish(0, 1);
    world.lookAgain = async (file) => ({ ...file, modifiedMs: 7 });
    world.clock.advance(2_500);
    run.progress(20);
    await world.state(id, "failed");
    expect([run.isCancelled, reason(id)]).toEqual([true, "source_changed"]);
  });

  it("is found when a run has come to its end", async () => {
    const { id } = await world.streams.trigger(film("a"));
    const run = await world.run(0);
    run.publish(0, 9);
    world.lookAgain = failWith("source_missing");
    run.end({ why: "finished", frames: 120 });
    await world.state(id, "failed");
    expect(reason(id)).toBe("source_missing");
  });

  it("of the same size and time is begun anew by a trigger", async () => {
    const first = { ...film("a"), file: { ...film("a").file, device: "1", inode: "1" } };
    const { id } = await world.streams.trigger(first);
    (await world.run(0)).publish(0, 3);
    const second = { ...first, file: { ...first.file, inode: "2" } };
    expect(await world.streams.trigger(second)).toMatchObject({ id, status: "started" });
    expect(world.streams.status(id).segmentsReady).toBe(0);
  });
});

describe("a film that ends early", () => {
  it("is cut when two runs found the same end", async () => {
    const { id } = await world.streams.trigger(film("a"));
    const first = await world.run(0);
    first.publish(0, 4);
    first.end({ why: "source_truncated", frames: 53 });
    const second = await world.run(1);
    expect(second.order.fromSegment).toBe(4);
    second.end({ why: "source_truncated", frames: 5 });
    await eventually("the cut", () => world.folder(id).timeline?.frameCount === 53);
    expect(reason(id)).toBe("source_truncated");
  });

  it("was cut on the word of one run before: a trigger makes it whole, and a proven cut stays", async () => {
    const profile = film("a").profile;
    const id = streamId(new Uint8Array(32), film("a").file, profile);
    const record = plannedRecord({
      ...{ id, file: film("a").file, profile, state: "complete", archive: "/upscaled/a.ts" },
      timeline: timelineOf(4),
      reason: { code: "source_truncated", message: "it ends early" },
    });
    for (const isEndProven of [true, undefined]) {
      const folder = new FakeFolder();
      const stored = isEndProven === undefined ? record : { ...record, isEndProven };
      await using again = await makeWorld({ recovered: [{ record: stored, folder }] });
      const { status } = await again.streams.trigger(film("a"));
      expect([status, folder.calls.includes("remove")]).toEqual(
        isEndProven === true ? ["exists", false] : ["started", true],
      );
      if (isEndProven === true) continue;
      (await again.run(0)).finish();
      await again.state(id, "complete");
      expect(again.streams.status(id)).toMatchObject({ segmentsTotal: 10, reason: undefined });
    }
  });

  it("is not cut where the next run finds more", async () => {
    const { id } = await world.streams.trigger(film("a"));
    const first = await world.run(0);
    first.publish(0, 4);
    first.end({ why: "source_truncated", frames: 53 });
    (await world.run(1)).finish();
    await world.state(id, "complete");
    expect([reason(id), source("a").path]).toEqual([undefined, "a"]);
  });
});
