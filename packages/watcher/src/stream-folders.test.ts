import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { streamRecordSchema, UpreelError, type StreamRecord } from "@upreel/core";
import {
  PlaylistChecker,
  eventually,
  makeManualClock,
  makeRecord,
  makeRecordingLog,
  makeSegmentBytes,
  makeTempFolder,
  makeTimeline,
  pictureTimes,
} from "@upreel/testkit";
import { describe, expect, test } from "vitest";
import { inspectSegment } from "./inspect-segment.ts";
import type { CountPictures, PictureCount } from "./ports.ts";
import { createStreamFolders } from "./stream-folders.ts";

// 8 segments of 13 frames, but for the last, which has 9.
const timeline = makeTimeline(100);
const segment = (k: number): Buffer =>
  makeSegmentBytes({ times: pictureTimes(k * 13, k === 7 ? 9 : 13), audioPackets: 1 });
const film = Buffer.concat(Array.from({ length: 8 }, (_, k) => segment(k)));
const signal = AbortSignal.timeout(60_000);

async function openData(countPictures: CountPictures = countInBytes) {
  const temp = await makeTempFolder();
  const log = makeRecordingLog();
  const clock = makeManualClock();
  const open = () =>
    createStreamFolders({ clock, log, countPictures }, { dataDir: temp.path, listSize: 10 });
  return {
    ...{ log, clock, open, path: temp.path, folders: open() },
    at: (...names: string[]) => join(temp.path, ...names),
    async put(bytes: Uint8Array | string, ...names: string[]) {
      await mkdir(dirname(join(temp.path, ...names)), { recursive: true });
      await writeFile(join(temp.path, ...names), bytes);
    },
    [Symbol.asyncDispose]: () => temp[Symbol.asyncDispose](),
  };
}

async function countInBytes(file: string): Promise<PictureCount> {
  const { pictures } = inspectSegment(await readFile(file));
  return { frames: pictures.length, durationSeconds: pictures.length / 25, startSeconds: 9.6 };
}

/** A stream whose segments 0 to `count` are published. */
async function makeStream(
  data: Awaited<ReturnType<typeof openData>>,
  record: StreamRecord,
  count: number,
) {
  const folder = await data.folders.create(record);
  await folder.setTimeline(timeline);
  const order = {
    runId: "r",
    folder: folder.runFolder("r"),
    timeline,
    fromSegment: 0,
    toSegment: 8,
  };
  const run = folder.watchRun(order);
  for (let k = 0; k < count; k += 1) {
    await data.put(segment(k), "streams", record.id, "runs", "r", `00000${k}.ts`);
  }
  await data.put(film, "streams", record.id, "runs", "r", "film.ts");
  const summary = await run.finish({ why: "finished", frames: Math.min(count * 13, 100) }, true);
  return { folder, film: summary.film };
}

describe("a stream", () => {
  test("tells who waits and who listens of each segment", async () => {
    await using data = await openData();
    const record = makeRecord({ timeline });
    const folder = await data.folders.create(record);
    const heard: number[] = [];
    const stop = folder.onPublished((k) => heard.push(k));
    const both = Promise.all([folder.whenReady(1, signal), folder.whenReady(1, signal)]);
    const giveUp = new AbortController();
    const given = folder.whenReady(1, giveUp.signal);
    giveUp.abort(new Error("gone"));
    await expect(given).rejects.toThrow("gone");
    const run = folder.watchRun({
      ...{ runId: "r", folder: folder.runFolder("r"), timeline, fromSegment: 0, toSegment: 8 },
    });
    for (const k of [0, 1]) {
      await data.put(segment(k), "streams", record.id, "runs", "r", `00000${k}.ts`);
    }
    await run.finish({ why: "cancelled", frames: 26 }, false);
    await both;
    await folder.whenReady(0, signal);
    stop();
    expect(heard).toEqual([0, 1]);
  });

  test("lets nobody wait for ever when it is closed", async () => {
    await using data = await openData();
    const folder = await data.folders.create(makeRecord());
    const waiting = folder.whenReady(3, signal);
    const ended = expect(waiting).rejects.toMatchObject({ code: "cancelled" });
    await folder[Symbol.asyncDispose]();
    await ended;
  });

  test("starts with nothing of what an unreadable record left", async () => {
    await using data = await openData();
    const record = makeRecord({ timeline });
    await data.put(segment(0), "streams", record.id, "segments", "000000.ts");
    const folder = await data.folders.create(record);
    expect(folder.ready.size).toBe(0);
    expect(await readdir(data.at("streams", record.id, "segments"))).toEqual([]);
  });

  test("is gone when it is removed, with its archive, and says what that freed", async () => {
    await using data = await openData();
    const record = makeRecord({ timeline });
    const stream = await makeStream(data, record, 8);
    const archive = await stream.folder.makeArchive({ film: undefined, title: "Film", signal });
    await stream.folder.save({ ...record, archive });
    const freed = await stream.folder.remove();
    expect(freed).toBeGreaterThan(3 * film.length);
    expect(await readdir(data.at("streams"))).toEqual([]);
    expect(await readdir(data.at("upscaled"))).toEqual([]);
    expect(stream.folder.ready.size).toBe(0);
  });
});

test("the end of a truncated source is listed with its own length from the first", async () => {
  await using data = await openData();
  const folder = await data.folders.create(makeRecord({ timeline }));
  await folder.setTimeline(timeline);
  const order = {
    runId: "r",
    folder: folder.runFolder("r"),
    timeline,
    fromSegment: 0,
    toSegment: 8,
  };
  const run = folder.watchRun(order);
  const short = makeSegmentBytes({ times: pictureTimes(26, 4) });
  for (const [k, bytes] of [segment(0), segment(1), short].entries()) {
    await data.put(bytes, "streams", "abcdefghijklmnop", "runs", "r", `00000${k}.ts`);
  }
  const live = () => readFile(data.at("streams", "abcdefghijklmnop", "live.m3u8"), "utf8");
  await run.finish({ why: "source_truncated", frames: 30 }, false);
  const checker = new PlaylistChecker();
  checker.add({
    text: await eventually("the end", async () => (await live()).includes("ENDLIST") && live()),
    atMs: 0,
  });
  expect(await live()).toContain("#EXTINF:0.160000,\nsegments/000002.ts\n#EXT-X-ENDLIST");
  await folder.setTimeline({ ...timeline, frameCount: 30 });
  checker.add({ text: await live(), atMs: 1 });
  expect(checker.checkEnd()).toEqual([]);
  await folder[Symbol.asyncDispose]();
});

describe("after a restart", () => {
  test("the short end of a source is made again when the record was not told of it", async () => {
    await using data = await openData();
    const record = makeRecord({ timeline });
    const { folder } = await makeStream(data, record, 2);
    await folder[Symbol.asyncDispose]();
    const short = makeSegmentBytes({ times: pictureTimes(26, 4) });
    await data.put(short, "streams", record.id, "segments", "000002.ts");
    const [stream] = await data.open().recover();
    expect([...stream!.folder.ready]).toEqual([0, 1]);
    await stream!.folder[Symbol.asyncDispose]();
  });

  test("published segments are kept, and what runs left is deleted", async () => {
    await using data = await openData();
    const record = makeRecord({ timeline });
    const { folder } = await makeStream(data, record, 3);
    await folder[Symbol.asyncDispose]();
    await data.put("x", "streams", record.id, "runs", "dead", "000003.ts");
    await data.put("x", "streams", record.id, "live.m3u8.tmp");
    await data.put("x", "upscaled", "Film-abcdefgh.ts.part");
    await data.put("x", "upscaled", "Other film.ts");
    await data.put("x", "streams", "gone.removed", "segments", "000000.ts");

    const recovered = await data.open().recover();
    expect(recovered.map((stream) => stream.record)).toEqual([record]);
    expect([...recovered[0]!.folder.ready]).toEqual([0, 1, 2]);
    expect((await readdir(data.at("streams", record.id))).toSorted()).toEqual([
      "live.m3u8",
      "segments",
      "stream.json",
    ]);
    expect(await readdir(data.at("streams"))).toEqual([record.id]);
    expect(await readdir(data.at("upscaled"))).toEqual(["Other film.ts"]);
    await recovered[0]!.folder[Symbol.asyncDispose]();
  });

  test("segments that a crash damaged are deleted", async () => {
    await using data = await openData();
    const record = makeRecord({ timeline });
    const { folder } = await makeStream(data, record, 4);
    await folder[Symbol.asyncDispose]();
    const into = ["streams", record.id, "segments"] as const;
    await data.put("", ...into, "000000.ts");
    await data.put(segment(1).subarray(1), ...into, "000001.ts");
    await data.put(Buffer.alloc(segment(2).length), ...into, "000002.ts");
    await data.put(segment(0), ...into, "000099.ts");
    const [stream] = await data.open().recover();
    expect([...stream!.folder.ready]).toEqual([3]);
    expect(await readdir(data.at(...into))).toEqual(["000003.ts"]);
    expect(data.log.entries.filter((entry) => entry.level === "warn")).toHaveLength(4);
    await stream!.folder[Symbol.asyncDispose]();
  });

  test("a run can go on, also when the folders of the stream were tidied away", async () => {
    await using data = await openData();
    await data.put(
      JSON.stringify(makeRecord({ timeline })),
      ...["streams", "abcdefghijklmnop", "stream.json"],
    );
    const [stream] = await data.open().recover();
    const { folder } = stream!;
    const order = {
      runId: "r",
      folder: folder.runFolder("r"),
      timeline,
      fromSegment: 0,
      toSegment: 8,
    };
    const run = folder.watchRun(order);
    await data.put(segment(0), "streams", "abcdefghijklmnop", "runs", "r", "000000.ts");
    await folder.whenReady(0, signal);
    await run.finish({ why: "cancelled", frames: 13 }, false);
    await folder[Symbol.asyncDispose]();
  });

  test.for([
    ["cut", '{"version": 1, "id": "abc'],
    ["empty", ""],
    ["of another version", '{"version": 2}'],
  ])("a record that is %s is moved aside and costs only its own stream", async ([, text]) => {
    await using data = await openData();
    const { folder } = await makeStream(data, makeRecord({ timeline }), 1);
    await folder[Symbol.asyncDispose]();
    await data.put(text!, "streams", "broken", "stream.json");
    const recovered = await data.open().recover();
    expect(recovered).toHaveLength(1);
    expect(await readdir(data.at("streams", "broken"))).toEqual(["stream.json.bad"]);
    expect(data.log.entries.map((entry) => entry.level)).toContain("error");
    await recovered[0]!.folder[Symbol.asyncDispose]();
  });

  test("an empty data folder has no streams", async () => {
    await using data = await openData();
    expect(await data.folders.recover()).toEqual([]);
  });
});

describe("a record", () => {
  test("is whole after many saves at once, and the last one wins", async () => {
    await using data = await openData();
    const record = makeRecord();
    const folder = await data.folders.create(record);
    const titles = Array.from({ length: 20 }, (_, index) => `Film ${index}`);
    await Promise.all(titles.map((title) => folder.save({ ...record, title })));
    const text = await readFile(data.at("streams", record.id, "stream.json"), "utf8");
    expect(streamRecordSchema.parse(JSON.parse(text)).title).toBe("Film 19");
  });
});

describe("the archive", () => {
  const record = makeRecord({ timeline });

  test("is the encoder's film when that is whole", async () => {
    await using data = await openData();
    const stream = await makeStream(data, record, 8);
    const path = await stream.folder.makeArchive({ film: stream.film, title: "A: film", signal });
    expect(path).toBe(data.at("upscaled", "A film-abcdefgh.ts"));
    expect(await readFile(path)).toEqual(film);
  });

  test("is made of the segments when the film is not whole", async () => {
    await using data = await openData();
    const stream = await makeStream(data, record, 8);
    await writeFile(stream.film!, film.subarray(0, 188 * 50));
    const path = await stream.folder.makeArchive({ film: stream.film, title: "Film", signal });
    expect(await readFile(path)).toEqual(film);
    expect(data.log.entries.map((entry) => entry.level)).toEqual(["warn"]);
  });

  test("is made of the segments when the film is gone", async () => {
    await using data = await openData();
    const stream = await makeStream(data, record, 8);
    const gone = data.at("nothing.ts");
    const path = await stream.folder.makeArchive({ film: gone, title: "Film", signal });
    expect(await readFile(path)).toEqual(film);
  });

  test("is refused, and leaves no file, while a segment is missing", async () => {
    await using data = await openData();
    const stream = await makeStream(data, record, 7);
    const making = stream.folder.makeArchive({ film: undefined, title: "Film", signal });
    await expect(making).rejects.toMatchObject({
      code: "archive_invalid",
      got: "segment 7 missing",
    });
    expect(await readdir(data.at("upscaled"))).toEqual([]);
  });

  test("is refused, and leaves no file, when its pictures are not those of the timeline", async () => {
    await using data = await openData();
    const stream = await makeStream(data, record, 8);
    await data.put(segment(2), "streams", record.id, "segments", "000007.ts");
    const making = stream.folder.makeArchive({ film: undefined, title: "Film", signal });
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
    const stream = await makeStream(data, record, 8);
    const making = stream.folder.makeArchive({ film: undefined, title: "Film", signal });
    await expect(making).rejects.toMatchObject({ code: "archive_invalid" });
  });

  test("is not made when that is cancelled, and leaves no file", async () => {
    await using data = await openData();
    const stream = await makeStream(data, record, 8);
    const cancelled = AbortSignal.abort(new UpreelError("cancelled", "stop"));
    const making = stream.folder.makeArchive({ film: undefined, title: "Film", signal: cancelled });
    await expect(making).rejects.toThrow();
    expect(await readdir(data.at("upscaled"))).toEqual([]);
  });

  test("never takes the name of another stream's archive", async () => {
    await using data = await openData();
    // Their ids begin with the same eight letters.
    const first = await makeStream(data, record, 8);
    const path = await first.folder.makeArchive({ film: undefined, title: "Film", signal });
    await first.folder.save({ ...record, archive: path });
    const other = makeRecord({ id: "abcdefgh22222222", timeline });
    const second = await makeStream(data, other, 8);
    const otherPath = await second.folder.makeArchive({ film: undefined, title: "Film", signal });
    expect(otherPath).toBe(data.at("upscaled", "abcdefgh22222222.ts"));
  });
});
