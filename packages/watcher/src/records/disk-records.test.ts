import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeMemoryRecords, makeRecord, makeTempFolder } from "@upreel/testkit";
import { expect, test } from "vitest";
import { DiskRecords, recordsOnDisk } from "./disk-records.ts";
import { makeStream, openData } from "../testing/made-stream.ts";

test.each(["disk", "memory"])(
  "records in %s are read, listed and told as they were saved last",
  async (kind) => {
    await using temp = await makeTempFolder();
    await mkdir(join(temp.path, "streams", "aaaa"), { recursive: true });
    const records = kind === "disk" ? new DiskRecords(temp.path) : makeMemoryRecords();
    const told: [string, string | undefined][] = [];
    const stop = records.subscribe((id, record) => told.push([id, record?.title]));
    expect(await records.read("aaaa")).toBeUndefined();
    await Promise.all(
      ["One", "Two", "Three"].map((title) => records.save(makeRecord({ id: "aaaa", title }))),
    );
    expect((await records.read("aaaa"))?.title).toBe("Three");
    expect((await records.list()).map(({ id }) => id)).toEqual(["aaaa"]);
    records.forget("aaaa");
    stop();
    await records.save(makeRecord({ id: "aaaa", title: "Four" }));
    expect(told).toEqual([
      ["aaaa", "One"],
      ["aaaa", "Two"],
      ["aaaa", "Three"],
      ["aaaa", undefined],
    ]);
  },
);

test("a record that could not be saved is read as it was before", async () => {
  await using temp = await makeTempFolder();
  const folder = join(temp.path, "streams", "aaaa");
  await mkdir(folder, { recursive: true });
  const records = new DiskRecords(temp.path);
  await records.save(makeRecord({ id: "aaaa", title: "Kept" }));
  await rm(folder, { recursive: true });
  await expect(records.save(makeRecord({ id: "aaaa", title: "Lost" }))).rejects.toThrow();
  expect((await records.read("aaaa"))?.title).toBe("Kept");
});

test("who runs beside the gateway reads what lies on the disk", async () => {
  await using temp = await makeTempFolder();
  const folder = join(temp.path, "streams", "aaaa");
  const beside = recordsOnDisk(temp.path);
  expect(await beside.read("aaaa")).toBeUndefined();
  await mkdir(folder, { recursive: true });
  await new DiskRecords(temp.path).save(makeRecord({ id: "aaaa", title: "Film" }));
  expect((await beside.read("aaaa"))?.title).toBe("Film");
  await writeFile(join(folder, "stream.json"), "{");
  await expect(beside.read("aaaa")).rejects.toThrow();
});

test("a restart finds the records of all streams, and a removed one is gone", async () => {
  await using data = await openData();
  const record = makeRecord();
  await (await makeStream(data, record, 1))[Symbol.asyncDispose]();
  const again = data.open();
  expect(await again.records.list()).toEqual([]);
  const [found] = await again.recover();
  expect((await again.records.read(record.id))?.title).toBe(record.title);
  await found?.folder.remove();
  expect(await again.records.read(record.id)).toBeUndefined();
});
