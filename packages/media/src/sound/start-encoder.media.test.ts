import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeTempFolder, runFfmpeg } from "@upreel/testkit";
import { segmentCount, type Timeline } from "@upreel/core";
import { expect, test } from "vitest";
import { audioRenditionArguments } from "../renditions/audio-rendition-arguments.ts";
import { planEncodedAudio } from "./plan-audio.ts";
import { planFile, readSoundTimes } from "../testing/test-run.ts";
import { CHIRP, decodeSound, likeness } from "../testing/test-sound.ts";
import { startEncoder } from "./start-encoder.ts";

const PICTURES = ["-f", "lavfi", "-i", "testsrc2=s=64x36:r=25:d=12", "-f", "lavfi"];
const FAST = ["-c:v", "libx264", "-preset", "ultrafast", "-g", "50"];

/** All sound of a film's first track as segments, made in two runs; returns them in order. */
async function makeSound(
  path: string,
  folder: string,
  change: (timeline: Timeline) => Timeline = (timeline) => timeline,
): Promise<string[]> {
  const plan = await planFile(path);
  const { source } = plan;
  const timeline = change(plan.timeline);
  const audio = planEncodedAudio(source.audio[0]!, "stereo");
  const count = segmentCount(timeline);
  for (const [fromSegment, toSegment] of [[0, 3] as const, [3, count] as const]) {
    const request = { source, timeline, audio, fromSegment, toSegment };
    const encoder = startEncoder(audioRenditionArguments({ ...request, folder }), request, {
      ffmpeg: "ffmpeg",
      name: "encoder",
    });
    expect(await encoder.exited).toMatchObject({ exitCode: 0 });
  }
  const names = (await readdir(folder)).filter((name) => /^\d{6}\.ts$/.test(name));
  return names.toSorted().map((name) => join(folder, name));
}

async function joinFiles(files: readonly string[], target: string): Promise<string> {
  await writeFile(target, Buffer.concat(await Promise.all(files.map((file) => readFile(file)))));
  return target;
}

test("sound whose layout and rate change in mid-film is one track, each segment with its own", async () => {
  await using folder = await makeTempFolder();
  const at = (name: string): string => join(folder.path, name);
  const sine = [...PICTURES, "-i", "sine=440:d=6:r=48000", "-t", "6"];
  await runFfmpeg([...sine, ...FAST, "-c:a", "ac3", "-ac", "6", at("a.ts")]);
  const later = ["-output_ts_offset", "6"];
  await runFfmpeg([
    ...sine,
    ...FAST,
    "-c:a",
    "ac3",
    "-ac",
    "2",
    "-ar",
    "44100",
    ...later,
    at("b.ts"),
  ]);
  const film = await joinFiles([at("a.ts"), at("b.ts")], at("film.ts"));

  const segments = await makeSound(film, folder.path);
  expect(segments).toHaveLength(6);
  for (const [k, segment] of segments.entries()) {
    const found = await readSoundTimes(segment);
    expect(Math.abs(found.length - (2 * 48_000) / 1024), `segment ${k}`).toBeLessThan(2);
    expect(found.toSorted((a, b) => a - b)).toEqual(found);
  }
  const samples = await decodeSound(await joinFiles(segments, at("joined.ts")));
  for (let second = 0.5; second < 11.5; second += 0.5) {
    const window = samples.subarray(second * 48_000, second * 48_000 + 4_800);
    expect(Math.max(...window), `${second} s`).toBeGreaterThan(0.02);
  }
});

test("lost packets do not add up: sound is where it was in the source to the end", async () => {
  await using folder = await makeTempFolder();
  const film = join(folder.path, "film.ts");
  const whole = join(folder.path, "whole.ts");
  const make = [...PICTURES, "-i", `${CHIRP}:d=12`, ...FAST, "-c:a", "ac3", "-ac", "2"];
  await runFfmpeg([...make, whole]);
  // A packet of 32 ms in each 20: 0.6 s in all.
  await runFfmpeg(["-i", whole, "-c", "copy", "-bsf:a", "noise=drop='eq(mod(n,20),7)'", film]);
  const segments = await makeSound(film, folder.path);
  const joined = await joinFiles(segments, join(folder.path, "joined.ts"));
  const [source, made] = [await decodeSound(whole), await decodeSound(joined)];
  const { source: probed } = await planFile(whole);
  const start = Math.round((probed.audio[0]?.startSeconds ?? 0) * 48_000);
  // Between two lost packets.
  for (const packet of [30, 150, 330]) {
    const from = packet * 1_536;
    expect(likeness(source.subarray(from), made.subarray(from + start), 0, 3_000)).toBeGreaterThan(
      10,
    );
  }
});

test("of joined recordings each has its own clock, also where it begins anew", async () => {
  await using folder = await makeTempFolder();
  const at = (name: string): string => join(folder.path, name);
  const chirp = [...PICTURES, "-i", `${CHIRP}:d=12`, ...FAST, "-c:a", "aac", "-ac", "2"];
  await runFfmpeg([...chirp, at("whole.ts")]);
  await runFfmpeg([...chirp, "-t", "6", at("a.ts")]);
  await runFfmpeg([...chirp, "-ss", "6", at("b.ts")]);
  const film = await joinFiles([at("a.ts"), at("b.ts")], at("film.ts"));
  const { size } = await stat(at("a.ts"));
  const clockMicros = 1_480_000;
  const segments = await makeSound(film, folder.path, (timeline) => ({
    ...{ ...timeline, zeroMicros: clockMicros, frameCount: 300 },
    pieces: [
      { firstFrame: 0, clockMicros, fromByte: 0, toByte: size },
      { firstFrame: 150, clockMicros, fromByte: size },
    ],
  }));
  expect(segments).toHaveLength(6);
  const made = await decodeSound(await joinFiles(segments, at("joined.ts")));
  const whole = await decodeSound(at("whole.ts"));
  const { source } = await planFile(at("whole.ts"));
  const start = source.audio[0]?.startSeconds ?? 0;
  const { zeroMicros } = (await planFile(at("whole.ts"))).timeline;
  // From the first picture, where the pieces begin, to the first sample of the whole film's sound.
  const before = Math.round((clockMicros / 1e6 - zeroMicros / 1e6 - start) * 48_000);
  for (const second of [1, 3, 5, 6.5, 8, 10]) {
    const from = Math.round(second * 48_000);
    const like = likeness(whole.subarray(from + before), made.subarray(from), 0, 4_800);
    expect(like, `${second} s`).toBeGreaterThan(10);
  }
});
