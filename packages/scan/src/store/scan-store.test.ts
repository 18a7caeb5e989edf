import { readdir, readFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeRecordingLog, makeTempFolder } from "@upreel/testkit";
import { describe, expect, it } from "vitest";
import type { MediaScanAnswer } from "../media-scan/answers.ts";
import { openScanStore, type ScanMark } from "./scan-store.ts";

const mark = (fileId: string, over: Partial<ScanMark> = {}): ScanMark => ({
  ...{ fileId, pluginId: "p", path: `/films/${fileId}.mkv`, algorithmVersion: "1" },
  ...{ groupHash: "g", atMs: 5, ...over },
});
const found = (fileId: string, fingerprint = "x"): MediaScanAnswer => ({
  fingerprints: [
    { fileId, type: "sound", algorithmVersion: "1", fingerprint, metadata: '{"a":[1]}' },
  ],
  chapters: [
    { fileId, role: "intro", startTime: 1.5, endTime: 20, title: null, metadata: null },
    { fileId, role: "scene", startTime: 3, endTime: 4, title: null, metadata: null },
  ],
  skipped: [],
});

async function withStore(
  work: (
    open: () => ReturnType<typeof openScanStore>,
    path: string,
    log: ReturnType<typeof makeRecordingLog>,
  ) => Promise<void>,
): Promise<void> {
  await using folder = await makeTempFolder();
  const log = makeRecordingLog();
  const path = join(folder.path, "scans.db");
  await work(() => openScanStore(path, { log, nowMs: () => 0 }), path, log);
}

describe("what plugins found", () => {
  it("comes back as it was given, over a restart", () =>
    withStore(async (open) => {
      const odd = "\u0000ü\n𝄞'\"";
      {
        using store = open();
        store.persist([mark("f")], found("f", odd));
      }
      using store = open();
      expect(store.fingerprints("f", "p", "1")).toEqual([
        { type: "sound", algorithmVersion: "1", fingerprint: odd, metadata: { a: [1] } },
      ]);
      expect(store.chapters("f")).toEqual([
        { pluginId: "p", role: "intro", startSeconds: 1.5, endSeconds: 20 },
      ]);
      expect(store.isScanned(mark("f"))).toBe(true);
    }));

  it("is not given to another version, nor for another plugin, and counts for its group alone", () =>
    withStore(async (open) => {
      using store = open();
      store.persist([mark("f")], found("f"));
      expect(store.fingerprints("f", "p", "2")).toEqual([]);
      expect(store.fingerprints("f", "q", "1")).toEqual([]);
      expect(store.isScanned(mark("f", { algorithmVersion: "2" }))).toBe(false);
      expect(store.isScanned(mark("f", { groupHash: "larger" }))).toBe(false);
    }));

  it("is replaced by the next scan, and goes with the file that it is of", () =>
    withStore(async (open) => {
      using store = open();
      store.persist([mark("f")], found("f"));
      store.persist([mark("f")], { fingerprints: [], chapters: [], skipped: [] });
      expect(store.chapters("f")).toEqual([]);
      expect(store.fingerprints("f", "p", "1")).toHaveLength(1);
      store.persist([mark("changed", { path: mark("f").path })], found("changed"));
      expect(store.fingerprints("f", "p", "1")).toEqual([]);
      expect(store.counts().get("p")).toEqual({ files: 1, chapters: 1 });
    }));

  it("is kept whole or not at all", () =>
    withStore(async (open) => {
      using store = open();
      const broken = { ...found("f") };
      const [chapter] = broken.chapters;
      if (chapter === undefined) throw new Error("no chapter");
      broken.chapters = [chapter, { ...chapter, startTime: Number.NaN }];
      expect(() => store.persist([mark("f")], broken)).toThrow(/NOT NULL/);
      expect(store.isScanned(mark("f"))).toBe(false);
      expect(store.fingerprints("f", "p", "1")).toEqual([]);
    }));
});

describe("a database that", () => {
  it.each([
    ["is no database", (path: string) => writeFile(path, "x".repeat(10_000))],
    ["is cut", (path: string) => truncate(path, 3_000)],
    [
      "is of a newer Upreel",
      async (path: string) => {
        const { DatabaseSync } = await import("node:sqlite");
        const database = new DatabaseSync(path);
        database.exec("PRAGMA user_version = 99");
        database.close();
      },
    ],
  ])("%s is set aside with a word of it, and begun anew", (_, damage) =>
    withStore(async (open, path, log) => {
      {
        using store = open();
        store.persist([mark("f")], found("f"));
      }
      await damage(path);
      const before = await readFile(path);
      using store = open();
      expect(store.chapters("f")).toEqual([]);
      store.persist([mark("f")], found("f"));
      expect(store.chapters("f")).toHaveLength(1);
      const aside = (await readdir(join(path, ".."))).find((name) => name.includes("damaged"));
      expect(await readFile(join(path, "..", aside ?? ""))).toEqual(before);
      expect(log.entries.map(({ message }) => message).join("\n")).toContain("is renamed to");
    }),
  );

  it("turns out to be damaged while it is used is begun anew", () =>
    withStore(async (open, path) => {
      using store = open();
      store.persist([mark("f")], found("f"));
      {
        using other = open();
        other.persist([mark("g")], found("g"));
      }
      await writeFile(path, Buffer.alloc((await readFile(path)).length, 7), { flag: "r+" });
      // What it holds in its memory may still answer; it must not throw, now or later.
      store.chapters("f");
      store.persist([mark("h")], found("h"));
    }));

  it("cannot be written at all keeps what is found in memory", async () => {
    await using folder = await makeTempFolder();
    const file = join(folder.path, "file");
    await writeFile(file, "");
    const log = makeRecordingLog();
    using store = openScanStore(join(file, "scans.db"), { log, nowMs: () => 0 });
    store.persist([mark("f")], found("f"));
    expect(store.chapters("f")).toHaveLength(1);
    expect(log.entries[0]?.message).toContain("is forgotten at the end");
  });
});
