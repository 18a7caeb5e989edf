import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { eventually, makeRecordingLog, makeTempFolder } from "@upreel/testkit";
import { expect, test } from "vitest";
import { WantedMark } from "./wanted-mark.ts";

test("the time a stream was wanted last is known after a restart, to the minute", async () => {
  await using folder = await makeTempFolder();
  const path = join(folder.path, "wanted");
  const startMs = Date.UTC(2026, 0, 1);
  const mark = new WantedMark(path, makeRecordingLog());
  await mark.read();
  expect(mark.atMs).toBeUndefined();
  for (const seconds of [0, 30, 59]) mark.note(startMs + seconds * 1000);
  expect(mark.atMs).toBe(startMs + 59_000);
  await eventually("the file", async () => (await stat(path)).mtimeMs === startMs);
  mark.note(startMs + 60_000);
  await eventually("the file", async () => (await stat(path)).mtimeMs === startMs + 60_000);
  const again = new WantedMark(path, makeRecordingLog());
  await again.read();
  expect(again.atMs).toBe(startMs + 60_000);
});

test("a stream whose folder is gone is none to note", async () => {
  await using folder = await makeTempFolder();
  const log = makeRecordingLog();
  new WantedMark(join(folder.path, "gone", "wanted"), log).note(1);
  await eventually("the note", () => log.entries.length === 1);
  expect(log.entries[0]?.level).toBe("debug");
  expect(await readdir(folder.path)).toEqual([]);
});
