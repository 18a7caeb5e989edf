import { UpreelError, type FileIdentity, type Timeline } from "@upreel/core";
import { eventually } from "@upreel/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { streamId } from "../stream-id.ts";
import type { TriggerRequest } from "../streams-api.ts";
import { FakeFolder } from "../testing/fake-folder.ts";
import { makeWorld, type FakeWorld } from "../testing/fake-world.ts";
import { film, plannedRecord, source, timelineOf } from "../testing/films.ts";

let world: FakeWorld;
/** The file on its disk. */
let disk: FileIdentity;
/** How much the time of day was set forward. */
let wallAheadMs = 0;

beforeEach(async () => {
  wallAheadMs = 0;
  world = await makeWorld({ wallAheadMs: () => wallAheadMs });
  disk = { path: "/films/a.ts", sizeBytes: 100, modifiedMs: world.clock.nowMs(), inode: "7" };
  world.lookAgain = () => Promise.resolve(disk);
  certainSegments = 2;
  world.grownTimeline = () => Promise.resolve(timelineOf(certainSegments));
});
afterEach(() => world[Symbol.asyncDispose]());

let certainSegments = 0;
const request = (): TriggerRequest => ({ ...film("a"), file: disk });

/** More is written to the file, by which so much of the film is certain. */
function write(segments: number): void {
  world.clock.advance(2_000);
  certainSegments = segments;
  disk = { ...disk, sizeBytes: disk.sizeBytes + 100, modifiedMs: world.clock.nowMs() };
}

/** A film that is seen to grow when it is looked at a second time. */
async function growingFilm(): Promise<string> {
  const { promise: planned, resolve } = Promise.withResolvers<void>();
  world.beforePlan = () => planned;
  const { id } = await world.streams.trigger(request());
  write(2);
  resolve();
  await eventually("its plan", () => world.streams.status(id).isGrowing);
  return id;
}
const segmentsOf = (id: string): number | undefined => world.streams.status(id).segmentsTotal;
const lastSaved = (id: string): { timeline?: Timeline | undefined; file: FileIdentity } => {
  const last = world.folder(id).saved.at(-1);
  if (last === undefined) throw new Error("nothing saved");
  return last;
};
/** Time goes by until it counts as whole. */
const waitForEnd = (id: string): Promise<unknown> =>
  eventually("its end", () => {
    world.clock.advance(5_000);
    return !world.streams.status(id).isGrowing;
  });

describe("a film that is being written", () => {
  it("is made as far as its timeline is certain, goes on as it grows, and is complete a minute after the last write", async () => {
    const id = await growingFilm();
    (await world.run(0)).finish();
    await eventually("all that there is", () => world.folder(id).ready.size === 2);
    await world.state(id, "running");
    expect(world.folder(id).calls).not.toContain("makeArchive");
    write(5);
    const second = await world.run(1);
    expect(second.order).toMatchObject({ fromSegment: 2, toSegment: 5 });
    expect(second.order.source).toMatchObject({ sizeBytes: disk.sizeBytes, mayGrow: true });
    second.finish();
    world.wholeTimeline = () => Promise.resolve({ ...timelineOf(5), frameCount: 65 });
    await waitForEnd(id);
    const third = await world.run(2);
    expect(third.order).toMatchObject({ fromSegment: 5, toSegment: 6 });
    third.finish();
    await world.state(id, "complete");
    expect(lastSaved(id).timeline).toMatchObject({ frameCount: 65, growth: "over" });
  });

  it("goes on growing when the time of day is set back", async () => {
    const id = await growingFilm();
    (await world.run(0)).finish();
    write(4);
    (await world.run(1)).finish();
    wallAheadMs = -3_600_000;
    write(6);
    await world.run(2);
    expect(segmentsOf(id)).toBe(6);
  });

  it("is not taken for whole when the time of day is set forward", async () => {
    const id = await growingFilm();
    let tries = 0;
    world.wholeTimeline = () => {
      tries += 1;
      return Promise.resolve(timelineOf(2));
    };
    let looks = 0;
    world.lookAgain = () => {
      looks += 1;
      return Promise.resolve(disk);
    };
    wallAheadMs = 3_600_000;
    await eventually("looks at its file", () => looks > 3);
    expect([tries, world.streams.status(id).isGrowing]).toEqual([0, true]);
  });

  it("has one id while it grows and after, for whoever triggers it", async () => {
    const id = await growingFilm();
    write(3);
    expect(await world.streams.trigger(request())).toMatchObject({ id, status: "streaming" });
    world.wholeTimeline = () => Promise.resolve(timelineOf(3));
    await waitForEnd(id);
    expect(world.streams.find(request())?.id).toBe(id);
    let finished = 0;
    await eventually("its end", () => {
      world.runs[finished]?.finish();
      if (world.runs[finished] !== undefined) finished += 1;
      return world.streams.status(id).state === "complete";
    });
    expect(await world.streams.trigger(request())).toMatchObject({ id, status: "exists" });
    // What is written to it later is another film.
    write(9);
    expect(world.streams.find(request())).toBeUndefined();
  });

  it("ends when something else takes its place", async () => {
    const id = await growingFilm();
    disk = { ...disk, sizeBytes: 10 };
    await world.state(id, "failed");
    expect(world.streams.status(id).reason?.code).toBe("source_changed");
  });

  it("goes on when its disk comes back", async () => {
    const id = await growingFilm();
    let asked = 0;
    world.lookAgain = () => {
      asked += 1;
      return Promise.reject(new UpreelError("source_unavailable", "no answer"));
    };
    await eventually("some looks", () => asked > 3);
    world.lookAgain = () => Promise.resolve(disk);
    write(4);
    await eventually("more of it", () => segmentsOf(id) === 4);
  });

  it("keeps rate, first frame and length of segments, and never gets shorter", async () => {
    const id = await growingFilm();
    const whole = { ...timelineOf(1), framesPerSegment: 99 };
    world.wholeTimeline = () => Promise.resolve(whole);
    await waitForEnd(id);
    expect(lastSaved(id).timeline).toMatchObject({ framesPerSegment: 12, frameCount: 24 });
    expect(lastSaved(id).file.mayGrow).toBeUndefined();
  });

  it("goes on growing where it began to again while all of it was read", async () => {
    const id = await growingFilm();
    let reads = 0;
    world.wholeTimeline = () => {
      reads += 1;
      if (reads === 1) write(6);
      return Promise.resolve(timelineOf(7));
    };
    await eventually("more of it", () => {
      if (reads === 0) world.clock.advance(5_000);
      return segmentsOf(id) === 6;
    });
    expect(world.streams.status(id).isGrowing).toBe(true);
    await waitForEnd(id);
    expect(segmentsOf(id)).toBe(7);
  });
});

describe("a film that was written to just now", () => {
  it("is made and archived at once, as a finished file, when its container says that it is complete", async () => {
    const { id } = await world.streams.trigger(request());
    (await world.run(0)).finish();
    await world.state(id, "complete");
    expect(id).toBe(streamId(new Uint8Array(32), disk, request().profile));
    expect(lastSaved(id)).toMatchObject({ file: { sizeBytes: 100 } });
    expect(lastSaved(id).file.mayGrow).toBeUndefined();
    expect(lastSaved(id).timeline?.growth).toBeUndefined();
  });

  it("is watched for growth for two seconds when its container cannot tell whether it is complete", async () => {
    world.plan = { ending: "open" };
    const { id } = await world.streams.trigger(request());
    await world.state(id, "starting");
    world.clock.advance(1_000);
    expect(world.runs).toHaveLength(0);
    world.clock.advance(1_000);
    await world.run(0);
    expect(world.streams.status(id).isGrowing).toBe(false);
  });

  it("counts as being written when its container lacks its end", async () => {
    world.plan = { ending: "unfinished" };
    const { id } = await world.streams.trigger(request());
    await world.run(0);
    expect(world.streams.status(id).isGrowing).toBe(true);
  });
});

describe("a film that cannot be read before it is whole", () => {
  const unreadable = new UpreelError("source_unreadable", "moov atom not found");

  it("waits with one message, and is made by itself when it has stopped growing", async () => {
    world.beforePlan = async () => {
      disk = { ...disk, sizeBytes: disk.sizeBytes + 1, modifiedMs: world.clock.nowMs() };
      throw unreadable;
    };
    const { id } = await world.streams.trigger(request());
    await eventually("word of it", () => world.streams.status(id).reason !== undefined);
    expect(world.streams.status(id)).toMatchObject({
      ...{ state: "queued", reason: { code: "source_growing" } },
    });
    // It rests for a while, and is no failure for that.
    world.beforePlan = () => Promise.reject(unreadable);
    for (let n = 0; n < 5; n += 1) {
      world.clock.advance(10_000);
      await eventually("word of it", () => world.streams.status(id).state === "queued");
    }
    expect(world.streams.status(id).reason?.code).toBe("source_growing");
    world.beforePlan = () => Promise.resolve();
    await eventually("a run", () => {
      world.clock.advance(5_000);
      return world.runs.length === 1;
    });
    expect(world.streams.status(id)).toMatchObject({ isGrowing: false, reason: undefined });
  });

  it("is waited for over the pauses of a slow download", async () => {
    let looks = 0;
    world.lookAgain = () => {
      looks += 1;
      return Promise.resolve(disk);
    };
    world.beforePlan = () => Promise.reject(unreadable);
    const { id } = await world.streams.trigger(request());
    for (let second = 0; second < 8; second += 1) {
      world.clock.advance(1_000);
      const before = looks;
      await eventually("another look", () => looks > before + 1);
    }
    expect(world.streams.status(id).state).not.toBe("failed");
    disk = { ...disk, sizeBytes: disk.sizeBytes + 1, modifiedMs: world.clock.nowMs() };
    await eventually("word of it", () => world.streams.status(id).reason !== undefined);
    expect(world.streams.status(id).reason?.code).toBe("source_growing");
  });

  it("fails with what is wrong where nobody writes to it", async () => {
    world.beforePlan = () => Promise.reject(unreadable);
    const { id } = await world.streams.trigger(request());
    await eventually("its failure", () => {
      world.clock.advance(500);
      return world.streams.status(id).state === "failed";
    });
    expect(world.streams.status(id).reason?.code).toBe("source_unreadable");
  });

  it("waits while nothing of it is certain", async () => {
    world.plan = { ending: "unfinished" };
    world.grownTimeline = () => Promise.reject(new UpreelError("source_growing", "too short"));
    const { id } = await world.streams.trigger(request());
    await eventually(
      "word of it",
      () => world.streams.status(id).reason?.code === "source_growing",
    );
    world.grownTimeline = () => Promise.resolve(timelineOf(3));
    await eventually("a run", () => {
      world.clock.advance(1_000);
      return world.runs.length === 1;
    });
    expect(segmentsOf(id)).toBe(3);
  });
});

it("a gateway that starts again goes on following", async () => {
  await world[Symbol.asyncDispose]();
  const file = { ...disk, mayGrow: true };
  const timeline: Timeline = { ...timelineOf(2), growth: "going" };
  const record = plannedRecord({
    ...{ file, timeline, source: { ...source(file.path), ...file } },
  });
  const folder = new FakeFolder();
  folder.saved.push(record);
  for (const k of [0, 1]) folder.ready.add(k);
  world = await makeWorld({ recovered: [{ record, folder }] });
  disk = { ...disk, sizeBytes: 400 };
  world.lookAgain = () => Promise.resolve(disk);
  world.grownTimeline = () => Promise.resolve(timelineOf(4));
  const run = await world.run(0);
  expect(run.order).toMatchObject({ fromSegment: 2, toSegment: 4 });
});
