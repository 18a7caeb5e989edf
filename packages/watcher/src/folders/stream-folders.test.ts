import { readFile, readdir } from "node:fs/promises";
import { streamRecordSchema } from "@upreel/core";
import {
  PlaylistChecker,
  eventually,
  makeRecord,
  makeSegmentBytes,
  pictureTimes,
} from "@upreel/testkit";
import { describe, expect, test } from "vitest";
import {
  film,
  makeStream,
  openData,
  openUnmade,
  segment,
  signal,
  timeline,
} from "../testing/made-stream.ts";

describe("a stream", () => {
  test("tells of each segment, and of the playlist that lists it", async () => {
    await using data = await openData();
    const record = makeRecord({ timeline });
    const folder = await data.folders.create(record);
    const heard: number[] = [];
    const stop = folder.onPublished((k) => heard.push(k));
    const isListed = new Promise<void>((resolve) => void folder.onListed(resolve));
    const run = await folder.watchRun({
      ...{ runId: "r", timeline, fromSegment: 0, toSegment: 8 },
    });
    for (const k of [0, 1]) {
      await data.put(segment(k), "streams", record.id, "runs", "r", `00000${k}.ts`);
    }
    await run.finish({ why: "cancelled", frames: 26 });
    stop();
    expect([heard, [...folder.ready]]).toEqual([
      [0, 1],
      [0, 1],
    ]);
    await isListed;
    expect(await readFile(data.at("streams", record.id, "live.m3u8"), "utf8")).toContain("#EXTINF");
  });

  test("takes segments of a run that writes on another machine, as long as the run goes on", async () => {
    await using data = await openData();
    const record = makeRecord({ timeline });
    const folder = await data.folders.create(record);
    await folder.setTimeline(timeline);
    const { segments } = data.folders;
    const name = { streamId: record.id, runId: "r" };
    const run = await folder.watchRun({ runId: "r", timeline, fromSegment: 2, toSegment: 4 });
    await segments.accept(name, 2, segment(2));
    expect([...folder.ready]).toEqual([2]);
    // It lies where a run on this machine would have left it.
    const { path } = await folder.locate(2);
    expect(await readFile(path)).toEqual(segment(2));
    await expect(segments.accept(name, 3, segment(3).subarray(0, 188))).rejects.toMatchObject({
      code: "encoder_failed",
    });
    for (const [strange, k] of [
      [name, 4],
      [name, -1],
      [{ ...name, runId: "../r" }, 2],
      [{ ...name, streamId: "other" }, 2],
    ] as const) {
      await expect(segments.accept(strange, k, segment(2))).rejects.toMatchObject({
        code: "segment_not_found",
      });
    }
    const { published, rejected } = await run.finish({ why: "finished", frames: 26 });
    expect([published, rejected.map((each) => each.segment)]).toEqual([[2], [3]]);
    await expect(segments.accept(name, 3, segment(3))).rejects.toThrow("is over");
  });

  test("starts with nothing of what an unreadable record left", async () => {
    await using data = await openData();
    const record = makeRecord({ timeline });
    await data.put(segment(0), "streams", record.id, "segments", "000000.ts");
    const folder = await data.folders.create(record);
    expect(folder.ready.size).toBe(0);
    expect(await readdir(data.at("streams", record.id, "segments"))).toEqual([]);
  });

  test("keeps what a run writes while the folder of the stream is still to be made", async () => {
    await using data = await openData();
    const record = makeRecord({ timeline });
    await using folder = openUnmade(data, record);
    const run = await folder.watchRun({
      ...{ runId: "r", timeline, fromSegment: 0, toSegment: 8 },
    });
    await data.put(segment(0), "streams", record.id, "runs", "r", "000000.ts");
    await folder.save(record);
    const { published } = await run.finish({ why: "cancelled", frames: 13 });
    expect(published).toEqual([0]);
  });

  test("is gone when it is removed, with its archive, and says what that freed", async () => {
    await using data = await openData();
    const record = makeRecord({ timeline });
    const folder = await makeStream(data, record, 8);
    const { path } = await folder.makeArchive({ title: "Film", signal });
    await folder.save({ ...record, archive: path });
    const freed = await folder.remove();
    expect(freed).toBeGreaterThan(2 * film.length);
    expect(await readdir(data.at("streams"))).toEqual([]);
    expect(await readdir(data.at("upscaled"))).toEqual([]);
    expect(folder.ready.size).toBe(0);
  });
});

test("the end of a truncated source is listed with its own length from the first", async () => {
  await using data = await openData();
  const folder = await data.folders.create(makeRecord({ timeline }));
  await folder.setTimeline(timeline);
  const order = {
    runId: "r",
    timeline,
    fromSegment: 0,
    toSegment: 8,
  };
  const run = await folder.watchRun(order);
  const short = makeSegmentBytes({ times: pictureTimes(26, 4) });
  for (const [k, bytes] of [segment(0), segment(1), short].entries()) {
    await data.put(bytes, "streams", "abcdefghijklmnop", "runs", "r", `00000${k}.ts`);
  }
  const live = () => readFile(data.at("streams", "abcdefghijklmnop", "live.m3u8"), "utf8");
  await run.finish({ why: "source_truncated", frames: 30 });
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
    const folder = await makeStream(data, record, 2);
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
    const folder = await makeStream(data, record, 3);
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
    const folder = await makeStream(data, record, 4);
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
      timeline,
      fromSegment: 0,
      toSegment: 8,
    };
    const run = await folder.watchRun(order);
    await data.put(segment(0), "streams", "abcdefghijklmnop", "runs", "r", "000000.ts");
    await eventually("it is published", () => folder.ready.has(0));
    await run.finish({ why: "cancelled", frames: 13 });
    await folder[Symbol.asyncDispose]();
  });

  test.for([
    ["cut", '{"version": 1, "id": "abc'],
    ["empty", ""],
    ["of another version", '{"version": 2}'],
  ])("a record that is %s is moved aside and costs only its own stream", async ([, text]) => {
    await using data = await openData();
    const folder = await makeStream(data, makeRecord({ timeline }), 1);
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
  test("is complete after many saves at once, and the last one wins", async () => {
    await using data = await openData();
    const record = makeRecord();
    const folder = await data.folders.create(record);
    const titles = Array.from({ length: 20 }, (_, index) => `Film ${index}`);
    await Promise.all(titles.map((title) => folder.save({ ...record, title })));
    const text = await readFile(data.at("streams", record.id, "stream.json"), "utf8");
    expect(streamRecordSchema.parse(JSON.parse(text)).title).toBe("Film 19");
  });
});
