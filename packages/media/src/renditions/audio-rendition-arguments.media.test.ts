import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { framePts90k, segmentCount, segmentFileName, segmentFrames } from "@upreel/core";
import { makeTempFolder, runFfmpeg } from "@upreel/testkit";
import { expect, test } from "vitest";
import { audioRenditionArguments } from "./audio-rendition-arguments.ts";
import { planAudioRendition, type AudioLayout } from "../sound/plan-audio.ts";
import { startEncoder } from "../sound/start-encoder.ts";
import { planFile, readSoundTimes, type TestPlan } from "../testing/test-run.ts";
import { decodeSound, likeness, CHIRP } from "../testing/test-sound.ts";

/** 13 s at 23.976 fps with two tracks: AAC that nothing here looks at, and one of `codec`. */
async function film(path: string, codec: readonly string[]): Promise<TestPlan> {
  await runFfmpeg([
    ...["-f", "lavfi", "-i", "testsrc2=s=64x36:r=24000/1001:d=13"],
    ...["-f", "lavfi", "-i", "sine=d=13", "-f", "lavfi", "-i", `${CHIRP}:d=13`],
    ...["-map", "0", "-map", "1", "-map", "2", "-preset", "ultrafast", "-g", "100"],
    ...["-c:v", "libx264", "-c:a:0", "aac", ...codec, path],
  ]);
  return planFile(path);
}

/** Makes segments [from, to) of the second track; returns their files. */
async function make(plan: TestPlan, layout: AudioLayout, folder: string, from: number, to: number) {
  await mkdir(folder);
  const { source, timeline } = plan;
  const audio = planAudioRendition(source.audio[1]!, layout);
  const range = { fromSegment: from, toSegment: to };
  const request = { source, timeline, audio, ...range };
  const ffmpeg = startEncoder(
    audioRenditionArguments({ ...request, folder }),
    audio.kind === "aac" ? { ...request, audio } : undefined,
    { ffmpeg: "ffmpeg", name: "encoder" },
  );
  expect(await ffmpeg.exited).toMatchObject({ exitCode: 0 });
  const names = await readdir(folder);
  expect(names).toEqual(Array.from({ length: to - from }, (_, i) => segmentFileName(from + i)));
  return names.map((name) => join(folder, name));
}

test.each([
  ["AC-3 5.1 as stereo", "stereo", ["-c:a:1", "ac3", "-ac:a:1", "6"], 30],
  ["AC-3 5.1 as AAC 5.1", "surround", ["-c:a:1", "ac3", "-ac:a:1", "6"], 30],
  ["AC-3 5.1 as it is", "dolby", ["-c:a:1", "ac3", "-ac:a:1", "6"], 100],
  ["AAC as it is", "stereo", ["-c:a:1", "aac", "-ac:a:1", "2"], 100],
] as const)(
  "%s: each segment holds its own sound, and separate batches meet",
  async (_, layout, codec, decibels) => {
    await using folder = await makeTempFolder();
    const plan = await film(join(folder.path, "film.mkv"), codec);
    const { timeline } = plan;
    const count = segmentCount(timeline);
    const at = (name: string) => join(folder.path, name);
    const whole = await make(plan, layout, at("whole"), 0, count);
    for (const [k, path] of whole.entries()) {
      const { first, end } = segmentFrames(timeline, k);
      const times = await readSoundTimes(path);
      expect(Math.min(...times)).toBeGreaterThanOrEqual(framePts90k(timeline, first) - 1);
      expect(Math.max(...times)).toBeLessThan(framePts90k(timeline, end));
    }
    const seam = 3;
    const parts = [
      ...(await make(plan, layout, at("begin"), 0, seam)),
      ...(await make(plan, layout, at("end"), seam, count)),
    ];
    const joined = async (files: readonly string[], name: string) => {
      await writeFile(at(name), Buffer.concat(await Promise.all(files.map((f) => readFile(f)))));
      return decodeSound(at(name));
    };
    const [a, b] = [await joined(whole, "whole.ts"), await joined(parts, "parts.ts")];
    expect(b.length).toBe(a.length);
    const middle = Math.round((segmentFrames(timeline, seam).first * 1001 * 48_000) / 24_000);
    for (let ms = -100; ms < 100; ms += 20) {
      expect(likeness(a, b, middle + 48 * ms, 960), `${ms} ms`).toBeGreaterThan(decibels);
    }
    const source = await decodeSound(plan.source.path, "0:a:1");
    // Encoded sound begins with the film, copied sound where the track does.
    const { startSeconds = 0 } = plan.source.audio[1]!;
    const made = decibels > 50 ? 5 - startSeconds : 5;
    const at5s = (samples: Float32Array, seconds: number) =>
      samples.subarray(Math.round(seconds * 48_000));
    expect(likeness(at5s(source, 5 - startSeconds), at5s(a, made), 0, 4800)).toBeGreaterThan(15);
  },
);
