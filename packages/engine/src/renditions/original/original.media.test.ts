import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { buildTimeline, probeSource } from "@upreel/media";
import { directFiles } from "@upreel/sources";
import { makeClip, makeTempFolder } from "@upreel/testkit";
import { expect, test } from "vitest";
import { createTimedFilms } from "../../plan/timed-films.ts";
import { createBatchMaker, type BatchMaker } from "../batch-maker.ts";
import { createOriginal } from "./original.ts";

const TOOLS = { ffmpeg: "ffmpeg", ffprobe: "ffprobe" };

test("key frames that were found of another file, or of a film that lay otherwise in it, are found again", async () => {
  await using folder = await makeTempFolder();
  const signal = AbortSignal.timeout(240_000);
  const path = await makeClip(join(folder.path, "film.mkv"), {
    ...{ width: 64, height: 48, rate: 25, seconds: 10, audio: false, extraArgs: ["-g", "25"] },
  });
  const files = directFiles();
  const probed = await probeSource(await files.locate(path, [folder.path]), TOOLS, signal);
  const original = createOriginal({
    ...{ ffprobe: "ffprobe", dataDir: folder.path, files, signal },
    ...{ batches: {} as BatchMaker, timed: createTimedFilms() },
  });
  const film = { id: "abc", source: probed.source, timeline: buildTimeline(probed, 2) };
  const { startsMicros } = await original.index(film);
  expect(startsMicros).toEqual([0, 4e6, 8e6]);
  const stored = join(folder.path, "streams", "abc", "renditions", "original", "key-frames.json");
  await writeFile(stored, (await readFile(stored, "utf8")).replace("4000000", "4000001"));
  expect((await original.index(film)).startsMicros).toEqual([0, 4_000_001, 8e6]);

  const later = { ...film.timeline, zeroMicros: film.timeline.zeroMicros - 500_000 };
  const moved = await original.index({ ...film, timeline: later });
  expect(moved.startsMicros).toEqual([0.5e6, 4.5e6, 8.5e6]);
  expect((await original.index(film)).startsMicros).toEqual(startsMicros);
});

test("a film's own pictures are made as soon as they are timed, and played by its plan as they are", async () => {
  await using folder = await makeTempFolder();
  const signal = AbortSignal.timeout(240_000);
  const path = await makeClip(join(folder.path, "film.mkv"), {
    ...{ width: 64, height: 48, rate: 25, seconds: 10, audio: false, extraArgs: ["-g", "25"] },
  });
  const files = directFiles();
  const found = await files.locate(path, [folder.path]);
  const timed = createTimedFilms();
  await using batches = createBatchMaker({
    ffmpeg: "ffmpeg",
    files,
    atATime: 1,
    longestMs: 240_000,
  });
  const made: string[] = [];
  const original = createOriginal({
    ...{ ffprobe: "ffprobe", dataDir: folder.path, files, signal, timed },
    batches: {
      ...batches,
      need: async (batch, name) => {
        await batches.need(batch, name);
        made.push(...batch.names);
      },
    },
  });
  const begun = original.beginTimed({ id: "abc", file: found }, signal);
  const probed = await probeSource(found, TOOLS, signal, {
    onTimed: ({ source, ...timing }) => timed.note({ source, timeline: buildTimeline(timing, 2) }),
  });
  await begun;
  const names = ["000000.ts", "000001.ts", "000002.ts"];
  expect(made).toEqual(names);
  const film = { id: "abc", source: probed.source, timeline: buildTimeline(probed, 2) };
  const { path: segment } = await original.segment(film, 0);
  const { mtimeMs } = await stat(segment);
  expect((await original.index(film)).startsMicros).toHaveLength(names.length);
  expect((await stat(segment)).mtimeMs).toBe(mtimeMs);
});
