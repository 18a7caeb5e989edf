import { mkdir, readdir, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { makeRecord, makeTempFolder } from "@upreel/testkit";
import { expect, test } from "vitest";
import { film, makeStream, openData, segment, signal, timeline } from "../testing/made-stream.ts";
import { cleanDataFolder } from "./clean.ts";
import { planClean, type StoredItem } from "./plan-clean.ts";

const HOUR = 3_600_000;
const nowMs = Date.UTC(2026, 0, 2);
const options = { nowMs, olderThanMs: 24 * HOUR, protectedIds: new Set<string>() };
const old = nowMs - 30 * HOUR;

const item = (change: Partial<StoredItem>): StoredItem => ({
  path: "/data/streams/a",
  id: "a",
  record: makeRecord({ id: "a" }),
  hasArchive: false,
  bytes: 100,
  archivedSegments: undefined,
  changedAtMs: old,
  ...change,
});

test.for([
  ["an old unfinished stream", item({}), "unfinished stream"],
  ["a young one", item({ changedAtMs: nowMs - HOUR }), undefined],
  [
    "a finished one",
    item({ record: makeRecord({ state: "complete" }), hasArchive: true }),
    undefined,
  ],
  [
    "one whose archive was deleted",
    item({ record: makeRecord({ state: "complete" }) }),
    "archive is gone",
  ],
  ["one without a record", item({ record: undefined }), "no readable record"],
  ["an unfinished archive", item({ id: undefined, record: undefined }), "leftover"],
] satisfies [string, StoredItem, string | undefined][])("%s: %s", ([, found, why]) => {
  expect(planClean([found], options)[0]?.why).toBe(why);
});

test("a stream in use is kept, however old", () => {
  expect(planClean([item({})], { ...options, protectedIds: new Set(["a"]) })).toEqual([]);
});

test("a pinned stream is kept, and so is what was watched of late", () => {
  expect(planClean([item({ record: makeRecord({ pinned: true }) })], options)).toEqual([]);
  expect(planClean([item({ changedAtMs: nowMs - HOUR })], options)).toEqual([]);
});

test("a dry run tells what the real one then frees", async () => {
  await using temp = await makeTempFolder();
  const put = async (path: string, text: string): Promise<void> => {
    await mkdir(dirname(join(temp.path, path)), { recursive: true });
    await writeFile(join(temp.path, path), text);
  };
  const archive = join(temp.path, "upscaled", "Film-bbbb.ts");
  const state = "complete" as const;
  await put("streams/aaaa/stream.json", JSON.stringify(makeRecord({ id: "aaaa" })));
  await put("streams/aaaa/segments/000000.ts", "x".repeat(1000));
  await put("streams/bbbb/stream.json", JSON.stringify(makeRecord({ id: "bbbb", state, archive })));
  await put("upscaled/Film-bbbb.ts", "film");
  await put("upscaled/Film-cccc.ts.part", "x".repeat(50));
  await put("streams/dddd/stream.json", JSON.stringify(makeRecord({ id: "dddd" })));
  const young = { ...options, nowMs: Date.now() };
  expect((await cleanDataFolder(temp.path, { ...young, isDryRun: true }, signal)).steps).toEqual(
    [],
  );

  const later = { ...options, nowMs: Date.now() + 25 * HOUR, protectedIds: new Set(["dddd"]) };
  const dry = await cleanDataFolder(temp.path, { ...later, isDryRun: true }, signal);
  expect(dry.steps.map((step) => step.why)).toEqual(["unfinished stream", "leftover"]);
  expect(await readdir(join(temp.path, "streams", "aaaa"))).toHaveLength(2);
  const real = await cleanDataFolder(temp.path, { ...later, isDryRun: false }, signal);
  expect(real).toEqual({ ...dry, isDryRun: false });
  expect(real.bytes).toBeGreaterThan(1050);
  expect(await readdir(join(temp.path, "streams"))).toEqual(["bbbb", "dddd"]);
  expect(await readdir(join(temp.path, "upscaled"))).toEqual(["Film-bbbb.ts"]);
});

test("a finished film is freed of the segments that a crash left beside it, and of nothing else", async () => {
  await using data = await openData();
  const record = makeRecord({ timeline });
  const folder = await makeStream(data, record, 8);
  const { path, offsets } = await folder.makeArchive({ title: "Film", signal });
  await folder.save({
    ...record,
    ...{ state: "complete", archive: path, archiveOffsets: [...offsets!] },
  });
  await folder[Symbol.asyncDispose]();
  const later = { ...options, nowMs: Date.now() + 25 * HOUR, isDryRun: false };
  expect((await cleanDataFolder(data.path, later, signal)).steps).toEqual([]);

  await data.put(segment(3), "streams", record.id, "segments", "000003.ts");
  const { steps, bytes } = await cleanDataFolder(data.path, later, signal);
  expect(steps.map(({ why }) => why)).toEqual(["already in the archive"]);
  expect(bytes).toBe(segment(3).length);
  const [recovered] = await data.open().recover();
  expect(recovered!.folder.ready.size).toBe(8);
  await recovered!.folder[Symbol.asyncDispose]();

  await writeFile(path, film.subarray(188));
  expect((await cleanDataFolder(data.path, later, signal)).steps.map(({ why }) => why)).toEqual([
    "archive is gone",
  ]);
});

test("a stream is as old as the newest thing in it", async () => {
  await using temp = await makeTempFolder();
  const folder = join(temp.path, "streams", "aaaa");
  await mkdir(join(folder, "segments"), { recursive: true });
  await writeFile(join(folder, "stream.json"), "{}");
  for (const name of ["", "stream.json"]) await utimes(join(folder, name), 1, 1);
  const report = await cleanDataFolder(
    temp.path,
    { ...options, nowMs: Date.now(), isDryRun: true },
    AbortSignal.timeout(240_000),
  );
  expect(report.steps).toEqual([]);
});
