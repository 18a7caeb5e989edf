import { mkdir, readFile, readdir, statfs } from "node:fs/promises";
import { join } from "node:path";
import { segmentFileName, type RunEnd, type WatchedRun } from "@upreel/core";
import {
  makeRecordingLog,
  makeRun,
  makeTempFolder,
  makeTimeline,
  mountSmallDisk,
  startRun,
  eventually,
} from "@upreel/testkit";
import { describe, expect, test } from "vitest";
import { checkSegment } from "../segments/check-segment.ts";
import { freeBytes } from "@upreel/files";
import { expectSegment } from "../segments/expect-segment.ts";
import { FolderRunWatch } from "./run-watch.ts";

const timeline = makeTimeline(26 * 13);

async function openRun(root: string) {
  const folder = join(root, "runs", "r1");
  const segmentsFolder = join(root, "segments");
  await mkdir(segmentsFolder, { recursive: true });
  const order: WatchedRun = { runId: "r1", timeline, fromSegment: 0, toSegment: 26 };
  const published: number[] = [];
  const log = makeRecordingLog();
  const watch = new FolderRunWatch(
    {
      ...{ folder, log, freeBytes, segmentsFolder },
      onPublished: (k) => published.push(k),
    },
    order,
  );
  return { watch, folder, segmentsFolder, published, order, log };
}

/** Every published file is complete, whatever happened to its encoder. */
async function expectAllWhole(segmentsFolder: string, order: WatchedRun, end?: RunEnd) {
  for (const name of await readdir(segmentsFolder)) {
    const k = Number(name.slice(0, -3));
    const bytes = await readFile(join(segmentsFolder, segmentFileName(k)));
    expect(checkSegment(bytes, expectSegment(order, k, end)!), name).toBeUndefined();
  }
}

describe("of an encoder that is ended in mid-segment only whole segments are published:", () => {
  test.for(["SIGKILL", "SIGTERM"] as const)("%s", async (signal) => {
    await using temp = await makeTempFolder();
    const { watch, folder, segmentsFolder, published, order } = await openRun(temp.path);
    await using ffmpeg = await startRun(folder, { timeline, isPaced: true });
    await eventually("segment 1", () => published.includes(1));
    ffmpeg.kill(signal);
    await ffmpeg.ended;
    const written = (await readdir(folder)).filter((name) => name.endsWith(".ts"));
    const summary = await watch.finish({ why: "cancelled", frames: 26 * 13 });
    expect(summary.published.length).toBeGreaterThanOrEqual(2);
    expect(summary.published).toEqual(summary.published.map((_, k) => k));
    await expectAllWhole(segmentsFolder, order);
    // SIGTERM makes ffmpeg rename the segment that it was in, which nobody has taken: 13 frames long only by luck.
    if (signal === "SIGTERM") expect(written.length).toBeGreaterThan(0);
  });

  test("an encoder whose input ended too soon", async () => {
    await using temp = await makeTempFolder();
    const { watch, folder, segmentsFolder, order } = await openRun(temp.path);
    await makeRun(folder, { timeline, frames: 40 });
    const end: RunEnd = { why: "cancelled", frames: 40 };
    const { published, rejected } = await watch.finish(end);
    expect(published).toEqual([0, 1, 2]);
    expect(rejected).toMatchObject([{ segment: 3 }]);
    await expectAllWhole(segmentsFolder, order);
  });
});

test("on a full disk only whole segments are published", async ({ skip }) => {
  await using temp = await makeTempFolder();
  const disk = join(temp.path, "disk");
  await using small = await mountSmallDisk(disk, 12);
  if (small === undefined) return skip("a small disk cannot be mounted here");
  const { watch, folder, segmentsFolder, order, log } = await openRun(disk);
  await using ffmpeg = await startRun(folder, {
    timeline,
    size: "640x360",
    encoderArgs: ["-b:v", "8M", "-minrate", "8M", "-maxrate", "8M", "-bufsize", "1M"],
  });
  await ffmpeg.ended;
  const { published, rejected } = await watch.finish({ why: "finished", frames: 338 });
  expect(published.length).toBeGreaterThan(2);
  expect(published.length + rejected.length).toBeLessThanOrEqual(26);
  expect(rejected.length).toBeGreaterThan(0);
  expect(log.entries.some((entry) => entry.meta["code"] === "disk_full")).toBe(true);
  await expectAllWhole(segmentsFolder, order);
  const { bavail, bsize } = await statfs(disk);
  expect(bavail * bsize).toBeGreaterThan(0);
});
