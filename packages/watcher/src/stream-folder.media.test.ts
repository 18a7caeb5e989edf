import { readFile, readdir } from "node:fs/promises";
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
import { inspectSegment } from "./inspect-segment.ts";
import { createStreamFolders } from "./stream-folders.ts";

const timeline = makeTimeline(40);

/** Counts as the port does, from the bytes. */
async function countPictures(file: string) {
  const { pictures } = inspectSegment(await readFile(file));
  return { frames: pictures.length, durationSeconds: pictures.length / 25, startSeconds: 9.6 };
}

test("a run is published segment by segment, and its film becomes the archive", async () => {
  await using temp = await makeTempFolder();
  const log = makeRecordingLog();
  const folders = createStreamFolders(
    { clock: makeManualClock(), log, countPictures },
    { dataDir: temp.path, listSize: 10 },
  );
  const record = makeRecord({ timeline });
  await using folder = await folders.create(record);
  await folder.setTimeline(timeline);
  const runFolder = folder.runFolder("r1");
  const run = folder.watchRun({
    runId: "r1",
    folder: runFolder,
    timeline,
    fromSegment: 0,
    toSegment: 4,
  });
  const first = folder.whenReady(0, AbortSignal.timeout(10_000));
  await makeRun(runFolder, { timeline });
  await first;
  const summary = await run.finish({ why: "finished", frames: 40 }, true);
  expect(log.entries).toEqual([]);
  expect(summary.published).toEqual([0, 1, 2, 3]);
  expect([...folder.ready]).toEqual([0, 1, 2, 3]);
  expect(summary.rejected).toEqual([]);
  expect(await readdir(join(temp.path, "streams", record.id, "runs"))).toEqual([]);

  const archive = await folder.makeArchive({
    film: summary.film,
    title: "A film: the/first?",
    signal: AbortSignal.timeout(10_000),
  });
  expect(await readdir(join(temp.path, "upscaled"))).toEqual(["A film the first-abcdefgh.ts"]);
  await runFfmpeg(["-xerror", "-i", archive, "-f", "null", "-"]);
  const playlist = await readFile(join(temp.path, "streams", record.id, "live.m3u8"), "utf8");
  expect(playlist).toContain("segments/000003.ts\n#EXT-X-ENDLIST");
});
