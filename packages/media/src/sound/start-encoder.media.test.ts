import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeTempFolder, runFfmpeg } from "@upreel/testkit";
import { segmentCount } from "@upreel/core";
import { expect, test } from "vitest";
import { audioRenditionArguments } from "../audio-rendition-arguments.ts";
import { planEncodedAudio } from "../plan-audio.ts";
import { planFile, readEntries } from "../test-run.ts";
import { CHIRP, decodeSound, likeness } from "../test-sound.ts";
import { startEncoder } from "./start-encoder.ts";

const PICTURES = ["-f", "lavfi", "-i", "testsrc2=s=64x36:r=25:d=12", "-f", "lavfi"];
const FAST = ["-c:v", "libx264", "-preset", "ultrafast", "-g", "50"];

/** All sound of a film's first track as segments, made in two runs; returns them in order. */
async function makeSound(path: string, folder: string): Promise<string[]> {
  const { source, timeline } = await planFile(path);
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

const times = async (path: string): Promise<number[]> =>
  (await readEntries(path, "a", "packet=pts")).map(([pts]) => Number(pts));

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
  const film = at("film.ts");
  await writeFile(film, Buffer.concat([await readFile(at("a.ts")), await readFile(at("b.ts"))]));

  const segments = await makeSound(film, folder.path);
  expect(segments).toHaveLength(6);
  for (const [k, segment] of segments.entries()) {
    const found = await times(segment);
    expect(Math.abs(found.length - (2 * 48_000) / 1024), `segment ${k}`).toBeLessThan(2);
    expect(found.toSorted((a, b) => a - b)).toEqual(found);
  }
  const joined = at("joined.ts");
  await writeFile(joined, Buffer.concat(await Promise.all(segments.map((s) => readFile(s)))));
  const samples = await decodeSound(joined);
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
  const joined = join(folder.path, "joined.ts");
  await writeFile(joined, Buffer.concat(await Promise.all(segments.map((s) => readFile(s)))));
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
