import { appendFile, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { eventually, makeRecord, makeRecordingLog, makeTempFolder } from "@upreel/testkit";
import { expect, test } from "vitest";
import { BegunStreams } from "./begun-streams.ts";
import { createStreamFolders } from "../folders/stream-folders.ts";
import { openData } from "../testing/made-stream.ts";

const log = makeRecordingLog();
const record = (id: string) => makeRecord({ id });
const idsIn = async (path: string): Promise<string[]> =>
  (await new BegunStreams(path).readLeft(log)).map(({ id }) => id);

test("three hundred streams that are begun at once are on the disk by two writes", async () => {
  const written: string[] = [];
  const first = Promise.withResolvers<void>();
  const begun = new BegunStreams("begun.jsonl", async (_, text) => {
    written.push(text);
    await first.promise;
  });
  let isDone = false;
  const add = async (n: number): Promise<void> => {
    await begun.add(record(`stream-${n}`));
    isDone = true;
  };
  const adding = [add(0)];
  await eventually("the first write", () => written.length > 0);
  for (let n = 1; n < 300; n++) {
    // As requests come: each in a turn of its own.
    await new Promise((resolve) => setImmediate(resolve));
    adding.push(add(n));
  }
  // None is told to be kept before it is.
  expect(isDone).toBe(false);
  first.resolve();
  await Promise.all(adding);
  expect(written).toHaveLength(2);
  expect(written[1]?.match(/"begun"/g)).toHaveLength(299);
});

test("those without a file of their own are found by the next start, but for removed ones", async () => {
  await using temp = await makeTempFolder();
  const path = join(temp.path, "data", "begun.jsonl");
  const begun = new BegunStreams(path);
  await Promise.all(["a", "b", "c"].map((id) => begun.add(record(id))));
  await begun.forget("b");
  // The machine stopped in the middle of a line, and another one was written behind it.
  await appendFile(path, '{"begun":{"id":');
  await begun.add(record("d"));
  expect(await idsIn(path)).toEqual(["a", "c", "d"]);
  for (const id of ["a", "c", "d"]) await begun.done(id);
  expect((await stat(path)).size).toBe(0);
  expect(await idsIn(path)).toEqual([]);
});

test("a full disk rejects with disk_full, and the stream does not count as begun", async () => {
  const begun = new BegunStreams("begun.jsonl", () =>
    Promise.reject(Object.assign(new Error("no space left"), { code: "ENOSPC" })),
  );
  await expect(begun.add(record("a"))).rejects.toMatchObject({ code: "disk_full" });
  expect(begun.has("a")).toBe(false);
});

test("a stream whose gateway ended right after its trigger goes on, and has its file then", async () => {
  await using data = await openData();
  await new BegunStreams(data.at("begun.jsonl")).add(record("aaaa"));
  const folders = data.open();
  const [found] = await folders.recover();
  expect(found?.record.id).toBe("aaaa");
  await eventually("its own file", async () => (await stat(data.at("begun.jsonl"))).size === 0);
  expect(await readFile(data.at("streams", "aaaa", "stream.json"), "utf8")).toContain('"aaaa"');
  await found?.folder[Symbol.asyncDispose]();
});

test("a stream that is removed before its folder is made leaves nothing", async () => {
  await using data = await openData();
  const folders = createStreamFolders(
    { ...data, countPictures: async () => ({ frames: 0, durationSeconds: 0, startSeconds: 0 }) },
    { dataDir: data.path, listSize: 10 },
  );
  const made = await Promise.all(
    Array.from({ length: 30 }, (_, n) => folders.create(record(`stream-${n}`))),
  );
  await Promise.all(made.map((folder) => folder.remove()));
  expect(await data.open().recover()).toEqual([]);
});
