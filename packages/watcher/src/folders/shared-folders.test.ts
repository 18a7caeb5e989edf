import { readFile, readdir } from "node:fs/promises";
import type { StreamFolder } from "@upreel/core";
import { makeRecord, makeSharedLeases } from "@upreel/testkit";
import { describe, expect, test } from "vitest";
import { publishedStream } from "./published-stream.ts";
import { openData, segment, signal, timeline } from "../testing/made-stream.ts";

const [A, B] = ["http://a:5000", "http://b:5000"];
const RUN = { runId: "r", timeline, fromSegment: 0, toSegment: 8 };

/** Two gateways over one data folder; the first one has a stream that a run makes. */
async function openTwo() {
  const data = await openData();
  const leases = makeSharedLeases();
  const [a, b] = [data.open(leases.at(A)), data.open(leases.at(B))];
  const record = makeRecord({ timeline });
  const folder = await a.create(record);
  await folder.setTimeline(timeline);
  const run = await folder.watchRun(RUN);
  const write = (k: number): Promise<void> =>
    data.put(segment(k), "streams", record.id, "runs", "r", `00000${k}.ts`);
  const recordOnDisk = async (): Promise<unknown> =>
    JSON.parse(await readFile(data.at("streams", record.id, "stream.json"), "utf8"));
  return { data, leases, a, b, record, folder, run, write, recordOnDisk };
}

describe("two gateways over one data folder", () => {
  test("leave each other's streams alone, and tell where they are", async () => {
    const { data, b, record, folder, run, write } = await openTwo();
    await using _ = data;
    await write(0);
    expect(await b.recover()).toEqual([]);
    expect(await b.reach(record.id)).toEqual({ kind: "other", address: A });
    await expect(b.create(record)).rejects.toMatchObject({ code: "stream_elsewhere" });
    expect(await b.reach("unknown")).toEqual({ kind: "none" });
    // What a run has in hand was not taken for a leftover.
    expect((await run.finish({ why: "cancelled", frames: 13 })).published).toEqual([0]);
    expect(await b.records.read(record.id)).toMatchObject({ id: record.id });
    await folder[Symbol.asyncDispose]();
  });

  test("a stream that is let go is taken with all that is made, and a higher fence", async () => {
    const { data, a, b, record, folder, run, write, recordOnDisk } = await openTwo();
    await using _ = data;
    await write(0);
    await run.finish({ why: "cancelled", frames: 13 });
    expect(await recordOnDisk()).toMatchObject({ fence: 1 });
    await folder[Symbol.asyncDispose]();
    await a.letGo(record.id);
    const [found] = await b.recover();
    expect([...(found?.folder.ready ?? [])]).toEqual([0]);
    expect(await recordOnDisk()).toMatchObject({ fence: 2 });
    // It stays so, whatever is saved of it.
    await found?.folder.save(makeRecord({ timeline, title: "later" }));
    expect(await recordOnDisk()).toMatchObject({ title: "later", fence: 2 });
    expect(await a.recover()).toEqual([]);
  });

  test("a stream that is deleted may be begun by another", async () => {
    const { data, b, record, folder, run } = await openTwo();
    await using _ = data;
    await run.finish({ why: "cancelled", frames: 0 });
    await folder.remove();
    await using again = await b.create(record);
    expect([...again.ready]).toEqual([]);
  });

  test("one that has stood still publishes, saves and deletes nothing when it goes on", async () => {
    const { data, leases, b, record, folder, run, write, recordOnDisk } = await openTwo();
    await using _ = data;
    leases.end(A, "silently");
    const [taken] = await b.recover();
    await taken?.folder.save({ ...record, title: "of its new owner" });
    await write(0);
    const { published, rejected } = await run.finish({ why: "cancelled", frames: 13 });
    expect([published, rejected.map(({ reason }) => reason.code)]).toEqual([
      [],
      ["stream_elsewhere"],
    ]);
    await folder.save({ ...record, title: "of a zombie" });
    expect(await recordOnDisk()).toMatchObject({ title: "of its new owner", fence: 2 });
    await folder.discardFrom(0);
    await expect(folder.makeArchive({ title: "x", signal })).rejects.toMatchObject({
      code: "archive_invalid",
    });
    await expect(folder.remove()).rejects.toMatchObject({ code: "stream_elsewhere" });
    expect(await readdir(data.at("streams", record.id))).toContain("stream.json");
  });

  test("where nobody can tell whose a stream is, it is not taken, and what is made can be read", async () => {
    const { data, leases, b, record, run, write } = await openTwo();
    await using _ = data;
    await write(0);
    await run.finish({ why: "cancelled", frames: 13 });
    leases.isAway = true;
    expect(await b.reach(record.id)).toEqual({ kind: "unknown" });
    await expect(b.create(makeRecord({ id: "bbbb" }))).rejects.toMatchObject({
      code: "leases_away",
    });
    const found = await publishedStream(data.path, record.id);
    expect(await readFile((await found?.locate(0))?.path ?? "")).toEqual(segment(0));
    await expect(found?.locate(1)).rejects.toMatchObject({ code: "segment_not_found" });
  });

  test("a stream that was begun by a gateway that was alone is taken by one of them", async () => {
    await using data = await openData();
    const record = makeRecord({});
    const { records: _alone, ...folders } = data.open();
    await folders.create(record);
    const leases = makeSharedLeases();
    const [a, b] = [data.open(leases.at(A)), data.open(leases.at(B))];
    const found = [...(await a.recover()), ...(await b.recover())];
    expect(found.map((each) => each.record.id)).toEqual([record.id]);
  });

  test("a stream that is asked for while others are looked for is opened once", async () => {
    const { data, leases, record, folder, run } = await openTwo();
    await using _ = data;
    await run.finish({ why: "cancelled", frames: 0 });
    await folder[Symbol.asyncDispose]();
    leases.end(A, "silently");
    const b = data.open(leases.at(B));
    const found: StreamFolder[] = [];
    await b.recover((stream) => void found.push(stream.folder));
    expect(found).toHaveLength(1);
    await found[0]?.[Symbol.asyncDispose]();
    expect(await b.recover()).toEqual([]);
    expect(leases.at(B).holds(record.id)).toBe(true);
  });

  test("one that is lost while it is opened is not here", async () => {
    const { data, leases, record, folder, run } = await openTwo();
    await using _ = data;
    await run.finish({ why: "cancelled", frames: 0 });
    await folder[Symbol.asyncDispose]();
    leases.end(A, "silently");
    const own = leases.at(B);
    const b = data.open({ ...own, holds: () => false });
    expect(await b.reach(record.id)).toEqual({ kind: "unknown" });
    expect(await b.recover()).toEqual([]);
  });

  test("what is left of a stream that was deleted is cleared away beside the one that was begun anew", async () => {
    const { data, leases, a, record, folder, run } = await openTwo();
    await using _ = data;
    await data.put("left", "streams", `${record.id}.removed`, "stream.json");
    await a.recover();
    expect(await readdir(data.at("streams"))).toEqual([record.id]);
    expect(leases.at(A).holds(record.id)).toBe(true);
    await run.finish({ why: "cancelled", frames: 0 });
    await folder[Symbol.asyncDispose]();
  });

  test("a stream that another gateway has begun meanwhile is not begun anew", async () => {
    const { data, leases, b, record, folder, run, write } = await openTwo();
    await using _ = data;
    await write(0);
    await run.finish({ why: "cancelled", frames: 13 });
    await folder[Symbol.asyncDispose]();
    leases.end(A, "silently");
    await expect(b.create(record)).rejects.toMatchObject({ code: "stream_elsewhere" });
    const [taken] = await b.recover();
    expect([...(taken?.folder.ready ?? [])]).toEqual([0]);
    await taken?.folder[Symbol.asyncDispose]();
  });

  test("a segment that the owner before published in its last moment counts, and is not made for ever", async () => {
    const { data, leases, b, record, folder, run, write } = await openTwo();
    await using _ = data;
    await run.finish({ why: "cancelled", frames: 0 });
    await folder[Symbol.asyncDispose]();
    leases.end(A, "silently");
    const [taken] = await b.recover();
    await data.put(segment(0), "streams", record.id, "segments", "000000.ts");
    const again = await taken!.folder.watchRun(RUN);
    await write(0);
    const { published } = await again.finish({ why: "cancelled", frames: 13 });
    expect([published, [...taken!.folder.ready]]).toEqual([[0], [0]]);
    await taken!.folder[Symbol.asyncDispose]();
  });

  test("a record whose turn to be written comes after the lease is not written", async () => {
    const { data, leases, record, folder, run, recordOnDisk } = await openTwo();
    await using _ = data;
    await run.finish({ why: "cancelled", frames: 0 });
    const saved = folder.save({ ...record, title: "too late" });
    leases.end(A, "silently");
    await saved;
    expect(await recordOnDisk()).toMatchObject({ title: record.title });
  });
});
