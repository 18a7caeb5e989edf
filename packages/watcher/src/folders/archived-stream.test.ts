import { mkdir, readFile, readdir, readlink, rm, writeFile } from "node:fs/promises";
import {
  UpreelError,
  streamRecordSchema,
  type StreamRecord,
  type StreamFolder,
} from "@upreel/core";
import { makeRecord } from "@upreel/testkit";
import { describe, expect, test, vi } from "vitest";
import type { PictureCount } from "../ports.ts";
import {
  countInBytes,
  film,
  makeStream,
  openData,
  segment,
  signal,
  timeline,
  type DataFolder,
} from "../testing/made-stream.ts";
import { vodPlaylist } from "../playlists/vod-playlist.ts";

const record = makeRecord({ timeline });

describe("the archive", () => {
  test("is the segments in order, each a slice of its own", async () => {
    await using data = await openData();
    const folder = await makeStream(data, record, 8);
    const { path, offsets } = await folder.makeArchive({ title: "A: film", signal });
    expect(path).toBe(data.at("upscaled", "A film-abcdefgh.ts"));
    const bytes = await readFile(path);
    expect(bytes).toEqual(film);
    for (let k = 0; k < 8; k += 1) {
      expect(bytes.subarray(offsets![k], offsets![k + 1])).toEqual(segment(k));
    }
    expect(data.log.complaints).toEqual([]);
  });

  test("that holds a damaged segment keeps all segments, and says why", async () => {
    await using data = await openData();
    const folder = await makeStream(data, record, 8);
    // As many pictures, at the wrong time.
    await data.put(segment(4), "streams", record.id, "segments", "000003.ts");
    const { path, offsets } = await folder.makeArchive({ title: "Film", signal });
    expect(offsets).toBeUndefined();
    expect(data.log.complaints).toMatchObject([
      { level: "warn", meta: { segment: 3, got: "PTS 1051200" } },
    ]);
    await folder.save({ ...record, state: "complete", archive: path });
    expect(await readdir(data.at("streams", record.id, "segments"))).toHaveLength(8);
    expect(await folder.locate(3)).toMatchObject({ start: 0, length: segment(4).length });
  });

  test("is not begun on a disk that it would fill", async () => {
    await using data = await openData(countInBytes, async () => film.length);
    const folder = await makeStream(data, record, 0);
    for (let k = 0; k < 8; k += 1) {
      await data.put(segment(k), "streams", record.id, "segments", `00000${k}.ts`);
    }
    await folder[Symbol.asyncDispose]();
    const [recovered] = await data.open().recover();
    const making = recovered!.folder.makeArchive({ title: "Film", signal });
    await expect(making).rejects.toMatchObject({ code: "disk_full" });
    expect(await readdir(data.at("upscaled"))).toEqual([]);
    await recovered!.folder[Symbol.asyncDispose]();
  });

  test("is refused, and leaves no file, while a segment is missing", async () => {
    await using data = await openData();
    const folder = await makeStream(data, record, 7);
    const making = folder.makeArchive({ title: "Film", signal });
    await expect(making).rejects.toMatchObject({
      code: "archive_invalid",
      got: "segment 7 missing",
    });
    expect(await readdir(data.at("upscaled"))).toEqual([]);
  });

  test("is refused, and leaves no file, when its pictures are not those of the timeline", async () => {
    await using data = await openData();
    const folder = await makeStream(data, record, 8);
    await data.put(segment(2), "streams", record.id, "segments", "000007.ts");
    const making = folder.makeArchive({ title: "Film", signal });
    await expect(making).rejects.toMatchObject({
      code: "archive_invalid",
      expected: "100 pictures in 4.000 s",
      got: "104 pictures in 4.160 s",
    });
    expect(await readdir(data.at("upscaled"))).toEqual([]);
  });

  test.for<[string, PictureCount]>([
    ["a picture too few", { frames: 99, durationSeconds: 4, startSeconds: 9.6 }],
    ["two frames too long", { frames: 100, durationSeconds: 4.08, startSeconds: 9.6 }],
  ])("is refused with %s", async ([, found]) => {
    await using data = await openData(async () => found);
    const folder = await makeStream(data, record, 8);
    const making = folder.makeArchive({ title: "Film", signal });
    await expect(making).rejects.toMatchObject({ code: "archive_invalid" });
  });

  test("is not made when that is cancelled, and leaves no file", async () => {
    await using data = await openData();
    const folder = await makeStream(data, record, 8);
    const cancelled = AbortSignal.abort(new UpreelError("cancelled", "stop"));
    const making = folder.makeArchive({ title: "Film", signal: cancelled });
    await expect(making).rejects.toThrow();
    expect(await readdir(data.at("upscaled"))).toEqual([]);
  });

  test("never takes the name of another stream's archive", async () => {
    await using data = await openData();
    // Their ids begin with the same eight letters.
    const first = await makeStream(data, record, 8);
    const { path } = await first.makeArchive({ title: "Film", signal });
    await first.save({ ...record, archive: path });
    const other = makeRecord({ id: "abcdefgh22222222", timeline });
    const second = await makeStream(data, other, 8);
    const made = await second.makeArchive({ title: "Film", signal });
    expect(made.path).toBe(data.at("upscaled", "abcdefgh22222222.ts"));
  });
});

/** A stream that is complete, as the state machine leaves it. */
async function archive(data: DataFolder, folder: StreamFolder): Promise<StreamRecord> {
  const { path, offsets } = await folder.makeArchive({ title: "Film", signal });
  const saved: StreamRecord = {
    ...record,
    state: "complete",
    archive: path,
    archiveOffsets: [...offsets!],
  };
  await folder.save(saved);
  return saved;
}

const segmentFiles = (data: DataFolder): Promise<string[]> =>
  readdir(data.at("streams", record.id, "segments"));

async function readSegment(folder: StreamFolder, k: number): Promise<Buffer> {
  const { path, start, length } = await folder.locate(k);
  return (await readFile(path)).subarray(start, start + length);
}

async function expectAllServed(folder: StreamFolder): Promise<void> {
  for (let k = 0; k < 8; k += 1) {
    expect(await readSegment(folder, k)).toEqual(segment(k));
    expect(await folder.lengthOf(k)).toBe(segment(k).length);
  }
}

describe("an archived stream", () => {
  test("is stored once, and every segment is what it was", async () => {
    await using data = await openData();
    await using folder = await makeStream(data, record, 8);
    await expectAllServed(folder);
    await archive(data, folder);
    expect(await segmentFiles(data)).toEqual([]);
    expect(folder.ready.size).toBe(8);
    await expectAllServed(folder);
    expect(await folder.hasArchive()).toBe(true);
    await expect(folder.locate(8)).rejects.toMatchObject({ code: "segment_not_found" });
  });

  test("serves whoever asks while it is being archived", async () => {
    await using data = await openData();
    await using folder = await makeStream(data, record, 8);
    let isDone = false;
    const asking = (async () => {
      let rounds = 0;
      for (; !isDone; rounds += 1) {
        const { path, start, length } = await folder.locate(rounds % 8);
        // A file that went after it was told of is asked for again, as the routes do.
        const bytes = await readFile(path).catch(() => undefined);
        if (bytes === undefined)
          expect(await readSegment(folder, rounds % 8)).toEqual(segment(rounds % 8));
        else expect(bytes.subarray(start, start + length)).toEqual(segment(rounds % 8));
      }
      return rounds;
    })();
    await archive(data, folder);
    isDone = true;
    expect(await asking).toBeGreaterThan(0);
  });

  test("lies in its folder for nginx, playlist and link, as long as its archive is there", async () => {
    await using data = await openData();
    const folder = await makeStream(data, record, 8);
    const saved = await archive(data, folder);
    const at = (name: string) => data.at("streams", record.id, name);
    const expectLinked = async () => {
      expect(await readFile(at("archive.ts"))).toEqual(film);
      expect(await readlink(at("archive.ts"))).toBe("../../upscaled/Film-abcdefgh.ts");
      expect(await readFile(at("stream.m3u8"), "utf8")).toBe(
        [...vodPlaylist(timeline, saved.archiveOffsets)].join(""),
      );
    };
    await expectLinked();
    await folder[Symbol.asyncDispose]();
    await rm(at("stream.m3u8"));
    await rm(at("archive.ts"));
    const [recovered] = await data.open().recover();
    await using again = recovered!.folder;
    // Nobody waits for it: the gateway serves the film itself.
    await vi.waitFor(expectLinked, { timeout: 60_000 });
    await rm(saved.archive!);
    expect(await again.hasArchive()).toBe(false);
    const left = await readdir(data.at("streams", record.id));
    expect(left.filter((name) => name === "stream.m3u8" || name === "archive.ts")).toEqual([]);
  });

  test("is complete after a restart, without a scan, and its playlist stays", async () => {
    await using data = await openData();
    const folder = await makeStream(data, record, 8);
    const saved = await archive(data, folder);
    await folder[Symbol.asyncDispose]();
    const live = await readFile(data.at("streams", record.id, "live.m3u8"), "utf8");
    const [recovered] = await data.open().recover();
    await using again = recovered!.folder;
    expect(recovered!.record).toEqual(saved);
    expect([...again.ready]).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    await expectAllServed(again);
    expect(await readFile(data.at("streams", record.id, "live.m3u8"), "utf8")).toBe(live);
  });

  test.for<[string, (data: DataFolder, path: string) => Promise<void>]>([
    ["deleted", (_, path) => rm(path)],
    ["cut", (_, path) => writeFile(path, film.subarray(188))],
    [
      "replaced by a folder",
      (_, path) =>
        rm(path)
          .then(() => mkdir(path))
          .then(() => undefined),
    ],
  ])("whose archive was %s is idle after a restart, and can be made again", async ([, harm]) => {
    await using data = await openData();
    const folder = await makeStream(data, record, 8);
    const saved = await archive(data, folder);
    await folder[Symbol.asyncDispose]();
    await harm(data, saved.archive!);
    const [recovered] = await data.open().recover();
    expect(recovered!.record).toMatchObject({ state: "idle", reason: { code: "archive_gone" } });
    expect(recovered!.record).not.toHaveProperty("archive");
    expect(recovered!.folder.ready.size).toBe(0);
    const onDisk = await readFile(data.at("streams", record.id, "stream.json"), "utf8");
    expect(streamRecordSchema.parse(JSON.parse(onDisk))).toEqual(recovered!.record);
    expect(await readdir(data.at("streams", record.id))).not.toContain("live.m3u8");
    await recovered!.folder[Symbol.asyncDispose]();
  });

  test("whose archive is deleted while the gateway runs says so, and has to be made again", async () => {
    await using data = await openData();
    await using folder = await makeStream(data, record, 8);
    const saved = await archive(data, folder);
    await rm(saved.archive!);
    await expect(folder.locate(2)).rejects.toMatchObject({ code: "archive_gone", got: "none" });
    expect(await folder.hasArchive()).toBe(false);
    expect(folder.ready.size).toBe(0);
  });

  test("is gone with its archive when it is removed", async () => {
    await using data = await openData();
    const folder = await makeStream(data, record, 8);
    await archive(data, folder);
    expect(await folder.remove()).toBeGreaterThan(film.length);
    expect(await readdir(data.at("upscaled"))).toEqual([]);
    expect(await readdir(data.at("streams"))).toEqual([]);
  });
});

describe("a crash", () => {
  const published = async (data: DataFolder): Promise<StreamFolder> =>
    await makeStream(data, record, 8);
  const restart = async (data: DataFolder) => (await data.open().recover())[0]!;

  test("while the archive is written loses nothing", async () => {
    await using data = await openData();
    await (await published(data))[Symbol.asyncDispose]();
    await data.put(film.subarray(0, 5000), "upscaled", "Film-abcdefgh.ts.part");
    const { folder } = await restart(data);
    expect(await readdir(data.at("upscaled"))).toEqual([]);
    await expectAllServed(folder);
    await archive(data, folder);
    await expectAllServed(folder);
    await folder[Symbol.asyncDispose]();
  });

  test("after the archive has its name, but before the record tells of it, loses nothing", async () => {
    await using data = await openData();
    const before = await published(data);
    await before.makeArchive({ title: "Film", signal });
    await before[Symbol.asyncDispose]();
    const { folder, record: found } = await restart(data);
    expect(found).toEqual(record);
    expect(folder.ready.size).toBe(8);
    await expectAllServed(folder);
    await archive(data, folder);
    expect(await readdir(data.at("upscaled"))).toEqual(["Film-abcdefgh.ts"]);
    await expectAllServed(folder);
    await folder[Symbol.asyncDispose]();
  });

  test.for([8, 3])(
    "after the record, with %i segments not deleted yet, stores it once",
    async (left) => {
      await using data = await openData();
      const before = await published(data);
      await archive(data, before);
      await before[Symbol.asyncDispose]();
      for (let k = 8 - left; k < 8; k += 1) {
        await data.put(segment(k), "streams", record.id, "segments", `00000${k}.ts`);
      }
      const { folder } = await restart(data);
      const areGone = async () => expect(await segmentFiles(data)).toEqual([]);
      await vi.waitFor(areGone, { timeout: 60_000 });
      expect(folder.ready.size).toBe(8);
      await expectAllServed(folder);
      await folder[Symbol.asyncDispose]();
    },
  );

  test("that cost the archive, but not the segments, costs no work", async () => {
    await using data = await openData();
    const before = await published(data);
    const saved = await archive(data, before);
    await before[Symbol.asyncDispose]();
    await rm(saved.archive!);
    for (let k = 0; k < 8; k += 1) {
      await data.put(segment(k), "streams", record.id, "segments", `00000${k}.ts`);
    }
    const { folder, record: found } = await restart(data);
    expect(found.state).toBe("idle");
    expect(folder.ready.size).toBe(8);
    await archive(data, folder);
    await expectAllServed(folder);
    await folder[Symbol.asyncDispose]();
  });

  test("of a save leaves the segments: only a record on the disk makes them superfluous", async () => {
    await using data = await openData();
    await using folder = await published(data);
    const { path, offsets } = await folder.makeArchive({ title: "Film", signal });
    // The temporary name is taken by a folder, so that the record cannot be written.
    await mkdir(data.at("streams", record.id, "stream.json.tmp"));
    const saving = folder.save({
      ...record,
      state: "complete",
      archive: path,
      archiveOffsets: [...offsets!],
    });
    await expect(saving).rejects.toThrow();
    expect(await segmentFiles(data)).toHaveLength(8);
    await expectAllServed(folder);
  });
});
