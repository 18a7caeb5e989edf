import { mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { segmentFileName, type RunEnd } from "@upreel/core";
import {
  eventually,
  makeRecordingLog,
  makeSegmentBytes,
  makeTempFolder,
  makeTimeline,
  pictureTimes,
} from "@upreel/testkit";
import { describe, expect, test } from "vitest";
import { freeBytes as diskFreeBytes } from "@upreel/files";
import type { FreeBytes } from "../ports.ts";
import { FolderRunWatch } from "./run-watch.ts";
import type { HeldLease } from "../records/stream-leases.ts";

// Segments of 13 frames; the film ends with segment 7, which has 9.
const timeline = makeTimeline(100);
const finished: RunEnd = { why: "finished", frames: 100 };

async function openRun(
  change: {
    fromSegment?: number;
    toSegment?: number;
    freeBytes?: FreeBytes;
    replaces?: boolean;
    lease?: HeldLease;
  } = {},
) {
  const temp = await makeTempFolder();
  const folder = join(temp.path, "runs", "r1");
  const segmentsFolder = join(temp.path, "segments");
  await mkdir(segmentsFolder);
  const log = makeRecordingLog();
  const published: number[] = [];
  const { fromSegment = 0, toSegment = 8, freeBytes = diskFreeBytes, replaces, lease } = change;
  const watch = new FolderRunWatch(
    {
      ...{ folder, log, freeBytes, segmentsFolder, lease },
      onPublished: (k) => published.push(k),
    },
    { runId: "r1", timeline, fromSegment, toSegment, replaces },
  );
  await mkdir(folder, { recursive: true });
  return {
    ...{ watch, temp, folder, log, published },
    /** As ffmpeg does: written under another name, then renamed. */
    async write(k: number, bytes: Uint8Array = segment(k)): Promise<void> {
      const path = join(folder, segmentFileName(k));
      await writeFile(`${path}.tmp`, bytes);
      await rename(`${path}.tmp`, path);
    },
    /** What is published already. */
    publishBefore: (k: number, bytes: Uint8Array) =>
      writeFile(join(segmentsFolder, segmentFileName(k)), bytes),
    files: () => readdir(segmentsFolder),
    read: (k: number) => readFile(join(segmentsFolder, segmentFileName(k))),
    async [Symbol.asyncDispose]() {
      await watch.close();
      await temp[Symbol.asyncDispose]();
    },
  };
}

const segment = (k: number, pictures = k === 7 ? 9 : 13): Buffer =>
  makeSegmentBytes({ times: pictureTimes(k * 13, pictures), audioPackets: 1 });

/** Its last picture fills its last packet, and nothing follows. */
const doubtful = (k: number): Buffer =>
  makeSegmentBytes({ times: pictureTimes(k * 13, 13), pictureBytes: 170 });

describe("a segment that is published already", () => {
  const other = (k: number): Buffer =>
    makeSegmentBytes({ times: pictureTimes(k * 13, 13), audioPackets: 2 });

  test("is replaced by a run that makes it again, but not by what does not pass the check", async () => {
    await using run = await openRun({ replaces: true });
    await run.publishBefore(0, other(0));
    await run.publishBefore(1, other(1));
    await run.write(0);
    await run.write(1, segment(1, 12));
    const { published, rejected } = await run.watch.finish(finished);
    expect([published, rejected.map((each) => each.segment)]).toEqual([[0], [1]]);
    expect(await run.read(0)).toEqual(segment(0));
    expect(await run.read(1)).toEqual(other(1));
  });

  test("stays as it is when a run makes it as well, which tells so at its end", async () => {
    await using run = await openRun();
    await run.publishBefore(0, other(0));
    for (const k of [0, 1, 2]) await run.write(k);
    const { published, doubled } = await run.watch.finish(finished);
    expect([published, doubled]).toEqual([[1, 2], [0]]);
    expect(await run.read(0)).toEqual(other(0));
  });
});

describe("while a run goes on", () => {
  test("each segment is published as soon as it has its name", async () => {
    await using run = await openRun();
    await run.write(0);
    await eventually("segment 0", () => run.published.includes(0));
    await run.write(1);
    await run.write(2);
    await eventually("segment 2", () => run.published.includes(2));
    expect(run.published).toEqual([0, 1, 2]);
    expect(await run.read(1)).toEqual(segment(1));
    expect(await readdir(run.folder)).toEqual([]);
  });

  test("files under other names are left alone", async () => {
    await using run = await openRun();
    await writeFile(join(run.folder, "000000.ts.tmp"), segment(0));
    await writeFile(join(run.folder, "film.ts"), segment(0));
    await run.write(1);
    await eventually("segment 1", () => run.published.includes(1));
    expect(run.published).toEqual([1]);
  });

  test("a segment of unproven end waits for the next one", async () => {
    await using run = await openRun();
    await run.write(0, doubtful(0));
    await run.write(2);
    await eventually("segment 2", () => run.published.includes(2));
    expect(await run.files()).toEqual(["000002.ts"]);
    await run.write(1);
    await eventually("segment 0", () => run.published.includes(0));
    expect(run.published).toEqual([2, 1, 0]);
  });

  test("one that came from elsewhere may be of unproven end, but not one after another", async () => {
    await using run = await openRun();
    for (const k of [0, 1, 2]) await run.watch.accept(k, doubtful(k));
    await expect(run.watch.accept(3, doubtful(3))).rejects.toMatchObject({
      message: "segment may lack the end of its last picture",
    });
    await run.watch.accept(4, segment(4));
    expect(run.published).toEqual([4, 3, 2, 1, 0]);
  });

  test("nothing is published while the disk is nearly full, and all once it is not", async () => {
    let free = 1024;
    await using run = await openRun({ freeBytes: async () => free });
    await run.write(0);
    const entry = await eventually("the log", () => run.log.complaints[0]);
    expect(entry.meta).toMatchObject({ segment: 0, code: "disk_full", got: "1024 bytes free" });
    free = 1e9;
    await run.write(1);
    await eventually("segment 1", () => run.published.includes(1));
    expect(run.published).toEqual([0, 1]);
  });
});

test("short and empty segments on a full disk are told of as that", async () => {
  await using run = await openRun({ freeBytes: async () => 0 });
  await run.write(0, segment(0).subarray(0, 188 * 9));
  await run.write(1, new Uint8Array(0));
  await run.write(2, doubtful(2));
  const { published, rejected } = await run.watch.finish(finished);
  expect(published).toEqual([]);
  expect(rejected.map(({ reason }) => reason.code)).toEqual(Array(3).fill("disk_full"));
});

describe("at the end of a run", () => {
  test("what no event told of is published, and the run folder is deleted", async () => {
    await using run = await openRun();
    await run.watch.close();
    for (let k = 0; k < 8; k += 1) await run.write(k);
    const summary = await run.watch.finish(finished);
    expect(summary).toEqual({
      published: [0, 1, 2, 3, 4, 5, 6, 7],
      ...{ rejected: [], doubled: [], byOtherGateway: [] },
    });
    expect(await readdir(run.temp.path)).toEqual(["runs", "segments"]);
    expect(await readdir(join(run.temp.path, "runs"))).toEqual([]);
  });

  test("half-made segments are told of with what is wrong", async () => {
    await using run = await openRun();
    await run.write(0);
    await run.write(1, segment(1).subarray(0, 188 * 9));
    await run.write(2, new Uint8Array(0));
    await run.write(3, segment(4));
    const end: RunEnd = { why: "cancelled", frames: 52 };
    const { published, rejected } = await run.watch.finish(end);
    expect(published).toEqual([0]);
    expect(rejected.map(({ segment: k, reason }) => [k, reason.got])).toEqual([
      [1, "4 pictures"],
      [2, "0 bytes"],
      [3, "PTS 1051200"],
    ]);
    expect(await run.files()).toEqual(["000000.ts"]);
  });

  test("a short segment is no good but at the end of the film", async () => {
    await using run = await openRun();
    await run.write(6, segment(6, 9));
    await run.write(7);
    const end: RunEnd = { why: "failed", frames: 100, reason: { code: "internal", message: "" } };
    const { published, rejected } = await run.watch.finish(end);
    expect(published).toEqual([7]);
    expect(rejected).toHaveLength(1);
  });

  test("a truncated source ends with a segment of just the frames it had", async () => {
    await using run = await openRun();
    // While the run goes on, a whole segment is taken as it comes.
    await run.watch.close();
    await run.write(0);
    await run.write(1);
    await run.write(2, segment(2, 4));
    await run.write(3, segment(3));
    const end: RunEnd = { why: "source_truncated", frames: 30 };
    const { published, rejected } = await run.watch.finish(end);
    expect(published).toEqual([0, 1, 2]);
    expect(rejected.map((entry) => entry.segment)).toEqual([3]);
  });

  test("frames count from where the run began", async () => {
    await using run = await openRun({ fromSegment: 4 });
    await run.write(4);
    await run.write(5, segment(5, 3));
    const end: RunEnd = { why: "source_truncated", frames: 16 };
    const { published } = await run.watch.finish(end);
    expect(published).toEqual([4, 5]);
  });

  test("segments past the frames that were written are not taken", async () => {
    await using run = await openRun();
    await run.watch.close();
    for (const k of [0, 1, 2]) await run.write(k);
    const { published, rejected } = await run.watch.finish({ why: "cancelled", frames: 38 });
    expect(published).toEqual([0, 1]);
    expect(rejected).toMatchObject([{ segment: 2 }]);
  });

  test("segments outside the run are not taken", async () => {
    await using run = await openRun({ fromSegment: 2, toSegment: 4 });
    for (const k of [1, 2, 3, 4]) await run.write(k);
    const end: RunEnd = { why: "finished", frames: 26 };
    const { published, rejected } = await run.watch.finish(end);
    expect(published).toEqual([2, 3]);
    expect(rejected.map((entry) => entry.segment)).toEqual([1, 4]);
  });

  test("an unproven end is believed after a good end, not after a bad one", async () => {
    for (const [end, count] of [
      [finished, 1],
      [{ why: "cancelled", frames: 100 }, 0],
    ] satisfies [RunEnd, number][]) {
      await using run = await openRun();
      await run.write(0, doubtful(0));
      expect((await run.watch.finish(end)).published).toHaveLength(count);
    }
  });

  test("a published segment is never overwritten", async () => {
    await using run = await openRun();
    await writeFile(join(run.temp.path, "segments", "000000.ts"), "the first one");
    await run.write(0);
    const { published, rejected } = await run.watch.finish(finished);
    expect({ published, rejected }).toEqual({ published: [], rejected: [] });
    expect(await readFile(join(run.temp.path, "segments", "000000.ts"), "utf8")).toBe(
      "the first one",
    );
  });

  test("a run whose folder cannot be read tells so and ends", async () => {
    await using run = await openRun();
    await rm(run.folder, { recursive: true });
    await writeFile(run.folder, "");
    expect(await run.watch.finish(finished)).toMatchObject({
      published: [],
      rejected: [{ segment: 0, reason: { message: expect.stringContaining("ENOTDIR") } }],
    });
  });

  test("a run that wrote nothing, and whose folder is gone, ends well", async () => {
    await using run = await openRun();
    await rm(run.folder, { recursive: true, force: true });
    const summary = await run.watch.finish({ why: "cancelled", frames: 0 });
    expect(summary).toEqual({ published: [], rejected: [], doubled: [], byOtherGateway: [] });
  });
});

test.each([false, true])(
  "what is checked while the lease ends is not published (in place of another: %j)",
  async (replaces) => {
    let isHeld = true;
    const freeBytes = async (): Promise<number> => {
      isHeld = false;
      return 2 ** 40;
    };
    const lease = { fence: 1, isHeld: () => isHeld };
    await using run = await openRun({ freeBytes, replaces, lease });
    await run.write(0);
    const { published, rejected } = await run.watch.finish({ why: "cancelled", frames: 13 });
    expect([published, rejected.map(({ reason }) => reason.code)]).toEqual([
      [],
      ["stream_elsewhere"],
    ]);
    expect(await run.files()).toEqual([]);
  },
);
