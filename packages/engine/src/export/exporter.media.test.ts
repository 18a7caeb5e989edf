import {
  appendFile,
  copyFile,
  lstat,
  mkdir,
  readFile,
  readdir,
  rm,
  symlink,
  writeFile,
} from "node:fs/promises";
import { join } from "node:path";
import { decodeFileName, type StreamRecord } from "@upreel/core";
import { countPictures, planOutput, probeSource } from "@upreel/media";
import {
  eventually,
  makeClip,
  makeRecord,
  makeRecordingLog,
  makeRun,
  makeTempFolder,
  makeTimeline,
  type TempFolder,
} from "@upreel/testkit";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { directFiles } from "@upreel/sources";
import { createFakeStreams, type FakeStreams } from "../../../streams/src/testing/fake-streams.ts";
import { diskName, newPartPath } from "@upreel/files";
import { beginExport, readBegunExports } from "./begun-export.ts";
import { openJobs } from "../../../jobs/src/index.ts";
import { createExporter, type Exporter } from "./exporter.ts";

const ID = "abcdefghijklmnop";
const tools = { ffmpeg: "ffmpeg", ffprobe: "ffprobe" };
const timeline = makeTimeline(50);

/** A film and what is made of it, which each test has copies of. */
let made: Pick<StreamRecord, "source" | "output"> & {
  readonly folder: TempFolder;
  readonly film: string;
  readonly archive: string;
};
let folder: TempFolder;
let streams: FakeStreams;
let log: ReturnType<typeof makeRecordingLog>;
let record: StreamRecord;

beforeAll(async () => {
  const folder = await makeTempFolder();
  const film = join(folder.path, "film.mkv");
  await makeClip(film, { width: 64, height: 36, rate: 25, seconds: 2 });
  const file = await directFiles().locate(film, [folder.path]);
  const { source } = await probeSource(file, tools, AbortSignal.timeout(240_000));
  const output = planOutput({
    ...{ source, scale: 2, encoder: "libx264", quality: 20, maxOutputHeight: 2160 },
  });
  const run = join(folder.path, "run");
  await makeRun(run, { timeline });
  const archive = join(folder.path, "archive.ts");
  const segments = (await readdir(run)).filter((name) => name.endsWith(".ts")).toSorted();
  for (const name of segments) await appendFile(archive, await readFile(join(run, name)));
  made = { folder, film, source, output, archive };
});
afterAll(() => made.folder[Symbol.asyncDispose]());
beforeEach(async () => {
  folder = await makeTempFolder();
  log = makeRecordingLog();
  streams = createFakeStreams(folder.path);
  const path = join(folder.path, "Film (2020).mkv");
  const archive = join(folder.path, "archive.ts");
  await copyFile(made.film, path);
  await copyFile(made.archive, archive);
  const file = await directFiles().locate(path, [folder.path]);
  const { output } = made;
  const source = { ...made.source!, ...file };
  record = makeRecord({ id: ID, file, source, timeline, output, state: "complete", archive });
  await mkdir(join(folder.path, "streams", ID), { recursive: true });
  await save(record);
});
afterEach(() => folder[Symbol.asyncDispose]());

const save = (changed: StreamRecord): Promise<void> => streams.records.save(changed);
/** An exporter with the jobs that a gateway keeps in its data folder. */
async function open(
  exportFormat: "off" | "mkv" | "mp4",
  exportDir = join(folder.path, "exported"),
): Promise<Exporter> {
  const jobs = await openJobs({ file: join(folder.path, "jobs.json"), installation: "", log });
  const exporter = createExporter(
    { ...tools, dataDir: folder.path, ownDir: folder.path, exportDir, exportFormat },
    {
      ...{ streams, records: streams.records, files: directFiles(), jobs, log },
      partsOf: async () => [{ title: "Credits", startSeconds: 0.5, endSeconds: 2 }],
      onExported: () => undefined,
    },
  );
  return {
    ...exporter,
    async [Symbol.asyncDispose]() {
      await jobs[Symbol.asyncDispose]();
      await exporter[Symbol.asyncDispose]();
    },
  };
}
const exported = (): Promise<string[]> =>
  readdir(join(folder.path, "exported")).catch(() => [] as string[]);

describe("exports", () => {
  it("writes a film when it is finished, under its name only when it is complete", async () => {
    streams.put({ id: ID, state: "running" });
    await using exporter = await open("mkv");
    streams.put({ id: ID, state: "complete" });
    await eventually("the export", () => log.entries.some(({ level }) => level === "info"));
    expect(await exported()).toEqual(["Film - Upscaled 72p.mkv"]);
    const file = join(folder.path, "exported", "Film - Upscaled 72p.mkv");
    expect((await countPictures(file, tools, AbortSignal.timeout(240_000))).frames).toBe(50);
    // What plugins found is a chapter.
    const made = await directFiles().locate(file, [folder.path]);
    const { source } = await probeSource(made, tools, AbortSignal.timeout(240_000));
    expect(source.chapters).toMatchObject([
      { startSeconds: 0, endSeconds: expect.closeTo(0.5, 1) },
      { startSeconds: expect.closeTo(0.5, 1), title: "Credits" },
    ]);
    expect(exporter).toBeDefined();
  });

  it("leaves films alone that were finished before, but for one that a stop interrupted", async () => {
    streams.put({ id: ID, state: "complete" });
    {
      await using _ = await open("mkv");
      streams.put({ id: ID, state: "complete" });
    }
    await mkdir(join(folder.path, "exported"));
    const part = newPartPath(join(folder.path, "exported", "Film - Upscaled 72p.mkv"));
    await writeFile(part, "half");
    await beginExport(folder.path, ID, { format: "mkv", part });
    await using again = await open("off");
    await eventually("the export", () => log.entries.some(({ level }) => level === "info"));
    expect(await exported()).toEqual(["Film - Upscaled 72p.mkv"]);
    expect(log.entries).toHaveLength(1);
    expect(await readBegunExports(folder.path, ID)).toEqual([]);
    expect(again).toBeDefined();
  });

  it("follows no link that somebody has put where the export is written", async () => {
    streams.put({ id: ID, state: "complete" });
    const target = join(folder.path, "Film (2020) - Upscaled 72p.mkv");
    const victim = join(folder.path, "victim");
    await writeFile(victim, "precious");
    await symlink(victim, `${target}.part`);
    await using exporter = await open("off", "source");
    expect((await exporter.exportNow(ID, "mkv")).file).toBe(target);
    expect(await readFile(victim, "utf8")).toBe("precious");
    expect((await lstat(target)).isFile()).toBe(true);
  });

  it("writes beside the source on demand, in either format, again and again", async () => {
    streams.put({ id: ID, state: "complete" });
    await using exporter = await open("off", "source");
    for (const format of ["mp4", "mkv", "mkv"] as const) {
      const { file, leftOut } = await exporter.exportNow(ID, format);
      expect(file).toBe(join(folder.path, `Film (2020) - Upscaled 72p.${format}`));
      expect(leftOut).toEqual([]);
    }
    const names = (await readdir(folder.path)).filter((name) => name.startsWith("Film"));
    expect(names).toHaveLength(3);
  });

  it("writes beside a film whose folder and name are not UTF-8, with what lies there", async () => {
    const name = decodeFileName(Buffer.from("Caf\xe9 (2020)", "latin1"));
    const there = join(folder.path, name);
    await mkdir(diskName(there));
    await copyFile(record.file.path, diskName(join(there, `${name}.mkv`)));
    await writeFile(
      diskName(join(there, `${name}.fre.srt`)),
      "1\n00:00:00,500 --> 00:00:01,000\noui\n",
    );
    const file = await directFiles().locate(join(there, `${name}.mkv`), [folder.path]);
    await save({ ...record, file, source: { ...record.source!, ...file } });
    streams.put({ id: ID, state: "complete" });
    await using exporter = await open("off", "source");
    for (const _ of [1, 2]) {
      const exported = await exporter.exportNow(ID, "mkv");
      expect(exported).toEqual({ file: join(there, `${name} - Upscaled 72p.mkv`), leftOut: [] });
    }
    const names = await readdir(diskName(there), { encoding: "buffer" });
    expect(names.map(decodeFileName).toSorted()).toEqual([
      ...[`${name} - Upscaled 72p.mkv`, `${name}.fre.srt`, `${name}.mkv`],
    ]);
    const { source } = await probeSource(
      await directFiles().locate(join(there, `${name} - Upscaled 72p.mkv`), [folder.path]),
      tools,
      AbortSignal.timeout(240_000),
    );
    expect(source.subtitles.map(({ language }) => language)).toEqual(["fre"]);
  });

  it("says why it cannot, leaves nothing, and goes on with the next film", async () => {
    streams.put({ id: ID, state: "running" });
    await using exporter = await open("mkv");
    await save({ ...record, state: "idle" });
    await expect(exporter.exportNow(ID, "mkv")).rejects.toMatchObject({ code: "not_found" });
    await save(record);
    await rm(record.file.path);
    streams.put({ id: ID, state: "complete" });
    const entry = await eventually("the failure", () =>
      log.entries.find(({ level }) => level === "error"),
    );
    expect(entry.message).toContain("was moved or deleted");
    expect(await exported()).toEqual([]);
    await expect(exporter.exportNow("other", "mkv")).rejects.toMatchObject({ code: "not_found" });
  });
});
