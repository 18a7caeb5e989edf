import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeRecord, makeTempFolder, mountSmallDisk } from "@upreel/testkit";
import { expect, test } from "vitest";
import { publishRendition } from "../segments/publish-rendition.ts";
import { makeStream, openData, segment, signal, timeline } from "../testing/made-stream.ts";

test("a read-only disk is named by everything that makes a folder on it, and takes nothing away", async ({
  skip,
}) => {
  await using temp = await makeTempFolder();
  const disk = join(temp.path, "disk");
  await using small = await mountSmallDisk(disk, 8);
  if (small === undefined) return skip("a small disk cannot be mounted here");
  const dataDir = join(disk, "data");
  await mkdir(dataDir);
  await using data = await openData(undefined, undefined, dataDir);
  const record = makeRecord({ timeline });
  const folder = await makeStream(data, record, 8);
  const piece = join(disk, "piece.ts");
  await writeFile(piece, segment(0));
  await data.put("x", "streams", record.id, "runs", "dead", "000003.ts");
  await small.setReadOnly(true);

  const other = makeRecord({ id: "ponmlkjihgfedcba" });
  await expect(data.folders.create(other)).rejects.toMatchObject({ code: "disk_read_only" });
  await expect(
    publishRendition(piece, data.at("streams", record.id, "renditions/audio/1-stereo/000000.ts")),
  ).rejects.toMatchObject({ code: "disk_read_only" });
  await expect(folder.makeArchive({ title: "Film", signal })).rejects.toMatchObject({
    code: "disk_read_only",
  });
  const at = { fromSegment: 0, toSegment: 8 };
  const watch = await folder.watchRun({
    runId: "r2",
    timeline,
    ...at,
  });
  await watch.finish({ why: "cancelled", frames: 0 });
  expect(data.log.entries.map(({ meta }) => meta["error"])).toContainEqual(
    expect.stringContaining("read"),
  );
  await folder[Symbol.asyncDispose]();

  // A gateway that starts meanwhile knows its streams, and goes on with them when the disk takes it.
  const [found] = await data.open().recover();
  expect([...found!.folder.ready]).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  await small.setReadOnly(false);
  const { path } = await found!.folder.makeArchive({ title: "Film", signal });
  await found!.folder.save({ ...record, archive: path });
  await found!.folder[Symbol.asyncDispose]();
});
