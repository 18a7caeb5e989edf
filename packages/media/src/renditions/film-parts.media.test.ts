import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PTS_OFFSET_FRAMES, filmParts } from "@upreel/core";
import { makeTempFolder, runFfmpeg } from "@upreel/testkit";
import { describe, expect, test } from "vitest";
import { contentLook } from "../look/content-samples.ts";
import { readSamples } from "../look/read-samples.ts";
import { originalArguments } from "./original-arguments.ts";
import { scanKeyFrames } from "../key-frames/scan-key-frames.ts";
import { subtitleArguments } from "../subtitles/subtitle-arguments.ts";
import {
  STEPS,
  joinParts,
  makePart,
  numbersIn,
  numbersShown,
  offset,
  type Part,
} from "../testing/test-parts.ts";
import { TOOLS, planFile, readEntries, type TestPlan } from "../testing/test-run.ts";
import { thumbnailArguments } from "../stills/thumbnail-arguments.ts";

const { signal } = new AbortController();
const one: Part = { number: 0, seconds: 4 };
const two: Part = { number: 100, seconds: 3 };

/** Films whose pictures are numbered on over their jumps; each is 7 s long or a little more. */
const FILMS: readonly [string, (folder: string) => Promise<TestPlan>][] = [
  ["a clock that begins anew", (folder) => joinParts(folder, "film.ts", [one, two])],
  [
    "a clock that jumps ahead",
    (folder) => joinParts(folder, "film.ts", [one, { ...two, args: offset(5_000) }]),
  ],
  [
    "a clock that goes back behind its wrap",
    (folder) =>
      joinParts(folder, "film.ts", [
        { ...one, args: offset(95_443.7 - 2) },
        { ...two, args: offset(50) },
      ]),
  ],
  [
    "a hole that is closed",
    async (folder) =>
      planFile(
        await makePart(join(folder, "film.mkv"), {
          ...{ number: 0, seconds: 7, filter: "setpts='PTS+gte(T,4)*20/TB'" },
          args: ["-af", "asetpts='PTS+gte(T,4)*20/TB'", "-fps_mode", "passthrough"],
        }),
        1,
      ),
  ],
];

describe.each(FILMS)("behind %s", (_, make) => {
  test("the original shows each picture at the film's own time, whatever is copied first", async () => {
    await using folder = await makeTempFolder();
    const plan = await make(folder.path);
    const { source, timeline } = plan;
    const { groups, endMicros } = await scanKeyFrames(plan, TOOLS, signal);
    const starts = groups.map(({ startMicros }) => startMicros);
    expect(starts).toEqual(starts.toSorted((a, b) => a - b));
    expect(endMicros / 1e6).toBeCloseTo(7, 0);
    const parts = groups.map(({ part }) => part);
    expect(parts).toEqual([0, 0, 0, 0, 1, 1, 1]);
    const shown: [frame: number, number: number][] = [];
    for (const [from, to, marginSeconds] of [
      [5, 7, 1],
      [4, 5, Infinity],
      [0, 3, 12],
      [3, 4, 1],
    ] as const) {
      const copy = join(folder.path, `from-${from}`);
      await mkdir(copy);
      const range = { parts, from, to, marginSeconds, folder: copy };
      await runFfmpeg(
        originalArguments({ source, timeline, container: "ts", startsMicros: starts, ...range }),
      );
      for (let k = from; k < to; k += 1) {
        const path = join(copy, `${String(k).padStart(6, "0")}.ts`);
        const times = await readEntries(path, "v", "frame=pts_time");
        const numbers = await numbersIn(path);
        expect(numbers).toHaveLength(times.length);
        for (const [i, [seconds]] of times.entries()) {
          const frame = Number(seconds) * 25 - PTS_OFFSET_FRAMES;
          expect(Math.abs(frame - Math.round(frame)), `segment ${k}`).toBeLessThan(0.3);
          shown.push([Math.round(frame), numbers[i] ?? -1]);
        }
      }
    }
    expect(shown.length).toBe(175);
    const upscaled = await numbersShown(plan, 0, timeline.frameCount);
    expect(shown.filter(([frame, number]) => number !== upscaled[frame])).toEqual([]);
  });

  test("thumbnails show the film's own moments, and so do the pictures that are looked at", async () => {
    await using folder = await makeTempFolder();
    const plan = await make(folder.path);
    const target = join(folder.path, "sheet.jpg");
    for (const fromKeyFrames of [true, false]) {
      await runFfmpeg(
        thumbnailArguments({
          ...{ ...plan, target, fromKeyFrames, fromSeconds: 2, stepSeconds: 1 },
          ...{ columns: 8, rows: 1, width: 16, height: 8 },
        }),
      );
      const raw = `${target}.raw`;
      await runFfmpeg([
        ...["-i", target, "-vf", "scale=8:1:flags=area:out_range=tv,format=yuv444p"],
        ...["-f", "rawvideo", raw],
      ]);
      const lumas = [...(await readFile(raw)).subarray(0, 8)];
      const upscaled = await numbersShown(plan, 0, plan.timeline.frameCount);
      // From key frames alone a place shows the one before it, a second earlier at most.
      const most = fromKeyFrames ? 25 : 1;
      const early = lumas
        .slice(0, 5)
        .map((luma, i) => (upscaled[50 + 25 * i] ?? 0) - Math.round((luma - 16) / 2))
        .map((away) => (away + STEPS) % STEPS);
      expect(
        early.filter((away) => away > most),
        String(early),
      ).toEqual([]);
      expect(lumas.at(-1)).toBeLessThan(20);
    }
    const { bytes, width, height } = await readSamples(
      await contentLook(plan.probed, TOOLS),
      signal,
    );
    // A seek near the end of a broadcast finds none.
    expect(bytes.length / (3 * width * height)).toBeGreaterThanOrEqual(5);
  });
});

test("words behind a hole that is closed are read with times of the film", async () => {
  await using folder = await makeTempFolder();
  const at = (name: string) => join(folder.path, name);
  await makePart(at("clip.mkv"), {
    ...{ number: 0, seconds: 8, filter: "setpts='PTS+gte(T,4)*60/TB'" },
    args: ["-af", "asetpts='PTS+gte(T,4)*60/TB'", "-fps_mode", "passthrough"],
  });
  await writeFile(
    at("words.srt"),
    "1\n00:00:01,000 --> 00:00:02,000\nearly\n\n2\n00:01:05,000 --> 00:01:06,000\nlate\n",
  );
  await runFfmpeg([
    ...["-i", at("clip.mkv"), "-i", at("words.srt"), "-map", "0", "-map", "1", "-c", "copy"],
    ...["-c:s", "ass", at("film.mkv")],
  ]);
  const { source, timeline } = await planFile(at("film.mkv"));
  const texts: string[] = [];
  for (const part of filmParts(timeline)) {
    const request = { source, part, index: 2, target: at("words.vtt") };
    await runFfmpeg(subtitleArguments({ ...request, fromSeconds: 0, toSeconds: 60 }));
    texts.push(await readFile(at("words.vtt"), "utf8"));
  }
  expect(texts).toHaveLength(2);
  expect(texts[0]).toMatch(/^00:0[01]\.\d{3} --> 00:0[12]\.\d{3}\nearly/m);
  expect(texts[0]).not.toContain("late");
  expect(texts[1]).toMatch(/^00:0[45]\.\d{3} --> 00:0[56]\.\d{3}\nlate/m);
});
