import { requireSameFile, type FileIdentity } from "@upreel/core";
import { eventually } from "@upreel/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FakeFolder } from "../testing/fake-folder.ts";
import { makeWorld, type FakeWorld } from "../testing/fake-world.ts";
import { film, plannedRecord, source, timelineOf } from "../testing/films.ts";

let world: FakeWorld;
/** The file on its disk, which rested long before it was triggered. */
let disk: FileIdentity;

beforeEach(async () => {
  world = await makeWorld();
  disk = { path: "/films/a.ts", sizeBytes: 100, modifiedMs: 1, device: "1", inode: "7" };
  world.lookAgain = () => Promise.resolve(disk);
  // The old last segment was cut short by the old end.
  world.timeline = { ...timelineOf(5), frameCount: 57 };
});
afterEach(() => world[Symbol.asyncDispose]());

const trigger = async (): Promise<string> =>
  (await world.streams.trigger({ ...film("a"), file: disk })).id;
const segmentsOf = (id: string): number | undefined => world.streams.status(id).segmentsTotal;

/** More is written to it now, or was long ago. */
function write(when: "now" | "long ago" = "now"): void {
  world.clock.advance(when === "now" ? 2_000 : 200_000);
  const { sizeBytes } = disk;
  const modifiedMs = when === "now" ? world.clock.nowMs() : world.clock.nowMs() - 100_000;
  disk = { ...disk, sizeBytes: sizeBytes + 100, modifiedMs };
}

/** It has made three segments when more is written to the file, and looks at it again. */
async function grownUnderRun(when?: "now" | "long ago"): Promise<string> {
  const id = await trigger();
  const run = await world.run(0);
  run.publish(0, 3);
  write(when);
  world.clock.advance(2_500);
  run.progress(40);
  await eventually("its end", () => run.isCancelled);
  return id;
}

describe("a film that was planned as a whole one, and whose file got longer", () => {
  it("goes on as one that is being written, with what is made of it", async () => {
    world.grownTimeline = () => Promise.resolve(timelineOf(8));
    const id = await grownUnderRun();
    const second = await world.run(1);
    expect(second.order).toMatchObject({ fromSegment: 3, toSegment: 8 });
    expect(second.order.source).toMatchObject({ sizeBytes: 200, mayGrow: true });
    expect(world.streams.status(id)).toMatchObject({ isGrowing: true, reason: undefined });
    // Followed from there to its end.
    write();
    world.grownTimeline = () => Promise.resolve(timelineOf(9));
    await eventually("more of it", () => segmentsOf(id) === 9);
    world.wholeTimeline = () => Promise.resolve({ ...timelineOf(10), frameCount: 118 });
    await eventually("its end", () => {
      world.clock.advance(5_000);
      return !world.streams.status(id).isGrowing;
    });
    expect(segmentsOf(id)).toBe(10);
    const saved = world.folder(id).saved.at(-1);
    expect(saved).toMatchObject({ fingerprint: "its beginning", file: { sizeBytes: 300 } });
  });

  it("is whole by what it is now where it rests again", async () => {
    world.wholeTimeline = () => Promise.resolve({ ...timelineOf(8), frameCount: 94 });
    const id = await grownUnderRun("long ago");
    const second = await world.run(1);
    expect(second.order).toMatchObject({ fromSegment: 3, toSegment: 8 });
    second.finish();
    await world.state(id, "complete");
    expect(world.streams.status(id)).toMatchObject({ isGrowing: false, segmentsTotal: 8 });
  });

  it("makes the segment again that its old end had cut short", async () => {
    world.grownTimeline = () => Promise.resolve(timelineOf(6));
    await trigger();
    const run = await world.run(0);
    run.publish(0, 5);
    write();
    run.end({ why: "finished", frames: 57 });
    expect((await world.run(1)).order).toMatchObject({ fromSegment: 4, toSegment: 6 });
  });

  it("keeps all whole segments that it was said to have, however little of the rest is certain", async () => {
    world.grownTimeline = () => Promise.resolve(timelineOf(2));
    await grownUnderRun();
    expect((await world.run(1)).order).toMatchObject({ fromSegment: 3, toSegment: 4 });
  });

  it("is another film where it does not begin as it did", async () => {
    const id = await trigger();
    const run = await world.run(0);
    run.publish(0, 3);
    write();
    world.tryToRead = () => Promise.resolve("another beginning");
    run.fail();
    await world.state(id, "failed");
    expect(world.streams.status(id)).toMatchObject({
      ...{ segmentsReady: 3, reason: { code: "source_changed" } },
    });
    expect(world.streams.status(id).reason?.got).toContain("does not begin");
  });

  it("is another film where it lies elsewhere on its disk", async () => {
    const id = await trigger();
    const run = await world.run(0);
    write();
    disk = { ...disk, inode: "8" };
    run.fail();
    await world.state(id, "failed");
    expect(world.streams.status(id).reason?.code).toBe("source_changed");
  });

  it("is planned as it is when its turn comes, if it got longer while it waited for that", async () => {
    const triggered = disk;
    world.beforePlan = async () => {
      if (disk === triggered) write();
      world.beforePlan = () => Promise.resolve();
      requireSameFile(triggered, disk);
    };
    world.plan = { ending: "unfinished" };
    world.grownTimeline = () => Promise.resolve(timelineOf(7));
    const { id } = await world.streams.trigger({ ...film("a"), file: triggered });
    const run = await world.run(0);
    expect(run.order).toMatchObject({ toSegment: 7, source: { sizeBytes: 200, mayGrow: true } });
    expect(world.streams.status(id)).toMatchObject({ isGrowing: true, reason: undefined });
    expect(await world.streams.trigger({ ...film("a"), file: disk })).toMatchObject({ id });
  });

  it("goes on after a restart of the gateway, too", async () => {
    await world[Symbol.asyncDispose]();
    const timeline = { ...timelineOf(5), frameCount: 57 };
    const record = plannedRecord({
      ...{ file: disk, timeline, source: { ...source(disk.path), ...disk } },
      fingerprint: "its beginning",
    });
    const folder = new FakeFolder();
    folder.saved.push(record);
    for (const k of [0, 1]) folder.ready.add(k);
    world = await makeWorld({ recovered: [{ record, folder }] });
    disk = { ...disk, sizeBytes: 200, modifiedMs: world.clock.nowMs() };
    world.lookAgain = () => Promise.resolve(disk);
    world.grownTimeline = () => Promise.resolve(timelineOf(6));
    expect((await world.run(0)).order).toMatchObject({ fromSegment: 2, toSegment: 6 });
  });
});
