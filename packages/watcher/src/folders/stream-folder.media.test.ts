import { readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  makeManualClock,
  makeRecord,
  makeRecordingLog,
  makeRun,
  makeTempFolder,
  makeTimeline,
  runFfmpeg,
} from "@upreel/testkit";
import { expect, test } from "vitest";
import { inspectSegment } from "../transport-stream/inspect-segment.ts";
import type { StreamFolder } from "@upreel/core";
import { createStreamFolders } from "./stream-folders.ts";
import { streamPaths } from "../records/stream-paths.ts";

const timeline = makeTimeline(40);

/** Counts as the port does, from the bytes. */
async function countPictures(file: string) {
  const { pictures } = inspectSegment(await readFile(file));
  return { frames: pictures.length, durationSeconds: pictures.length / 25, startSeconds: 9.6 };
}

test("a run is published segment by segment, and then archived and served from there", async () => {
  await using temp = await makeTempFolder();
  const log = makeRecordingLog();
  const folders = createStreamFolders(
    { clock: makeManualClock(), log, countPictures },
    { dataDir: temp.path, listSize: 10 },
  );
  const record = makeRecord({ timeline });
  await using folder = await folders.create(record);
  await folder.setTimeline(timeline);
  // As a plan is: runs begin when it is on the disk.
  await folder.save(record);
  const runFolder = streamPaths(temp.path, record.id).run("r1");
  const run = await folder.watchRun({
    runId: "r1",
    timeline,
    fromSegment: 0,
    toSegment: 4,
  });
  const first = new Promise<void>((resolve) => void folder.onPublished(() => resolve()));
  await makeRun(runFolder, { timeline });
  await first;
  const summary = await run.finish({ why: "finished", frames: 40 });
  expect(log.complaints).toEqual([]);
  expect(summary.published).toEqual([0, 1, 2, 3]);
  expect([...folder.ready]).toEqual([0, 1, 2, 3]);
  expect(summary.rejected).toEqual([]);
  expect(await readdir(join(temp.path, "streams", record.id, "runs"))).toEqual([]);

  const playlist = await readFile(join(temp.path, "streams", record.id, "live.m3u8"), "utf8");
  expect(playlist).toContain("segments/000003.ts\n#EXT-X-ENDLIST");
  const segments = await Promise.all([0, 1, 2, 3].map((k) => readSegment(folder, k)));

  const title = "A film: the/first?";
  const signal = AbortSignal.timeout(240_000);
  const { path, offsets } = await folder.makeArchive({ title, signal });
  expect(await readdir(join(temp.path, "upscaled"))).toEqual(["A film the first-abcdefgh.ts"]);
  const archived = { archive: path, archiveOffsets: [...offsets!] };
  await folder.save({ ...record, state: "complete", ...archived });
  expect(log.complaints).toEqual([]);
  expect(await readdir(join(temp.path, "streams", record.id, "segments"))).toEqual([]);
  await runFfmpeg(["-xerror", "-i", path, "-f", "null", "-"]);
  for (const [k, bytes] of segments.entries()) {
    expect(await readSegment(folder, k)).toEqual(bytes);
    // Each can be entered by itself.
    const alone = join(temp.path, "alone.ts");
    await writeFile(alone, bytes);
    await runFfmpeg(["-xerror", "-i", alone, "-f", "null", "-"]);
  }
});

test("an archive of several runs sounds as the segments did, over every border", async () => {
  await using temp = await makeTempFolder();
  const log = makeRecordingLog();
  const folders = createStreamFolders(
    { clock: makeManualClock(), log, countPictures },
    { dataDir: temp.path, listSize: 10 },
  );
  const record = makeRecord({ timeline });
  await using folder = await folders.create(record);
  await folder.setTimeline(timeline);
  // As a plan is: runs begin when it is on the disk.
  await folder.save(record);
  for (const [fromSegment, toSegment] of [
    [2, 4],
    [0, 2],
  ] as const) {
    const runId = `from-${fromSegment}`;
    const runFolder = streamPaths(temp.path, record.id).run(runId);
    const run = await folder.watchRun({
      runId,
      timeline,
      fromSegment,
      toSegment,
    });
    const frames = Math.min(40, toSegment * 13) - fromSegment * 13;
    await makeRun(runFolder, { timeline, fromSegment, frames });
    await run.finish({ why: "finished", frames });
  }
  const before = Buffer.concat(await Promise.all([0, 1, 2, 3].map((k) => readSegment(folder, k))));
  const signal = AbortSignal.timeout(240_000);
  const { path, offsets } = await folder.makeArchive({ title: "Film", signal });
  expect(log.complaints).toEqual([]);
  expect(await readFile(path)).toEqual(before);
  expect(offsets).toHaveLength(5);
});

async function readSegment(folder: StreamFolder, k: number): Promise<Buffer> {
  const { path, start, length } = await folder.locate(k);
  return (await readFile(path)).subarray(start, start + length);
}
