import { appendFile, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { FileIdentity, Timeline } from "@upreel/core";
import { eventually, makeClip, makeTempFolder, runFfmpeg, type TempFolder } from "@upreel/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildTimeline } from "../probing/build-timeline.ts";
import { probeSource } from "../probing/probe-source.ts";
import { followFilm, wholeSegments } from "./follow-film.ts";

const TOOLS = { ffprobe: "ffprobe", ffmpeg: "ffmpeg" };
const { signal } = new AbortController();
const SECONDS = 12;

let folder: TempFolder;
let clip = "";
beforeAll(async () => {
  folder = await makeTempFolder();
  clip = await makeClip(join(folder.path, "clip.ts"), {
    ...{ width: 64, height: 36, rate: 25, seconds: SECONDS, extraArgs: ["-g", "25"] },
  });
});
afterAll(() => folder[Symbol.asyncDispose]());

const identity = async (path: string): Promise<FileIdentity> => {
  const { size, mtimeMs } = await stat(path);
  return { path, sizeBytes: size, modifiedMs: mtimeMs, mayGrow: true };
};
const remux = async (name: string, ...args: readonly string[]): Promise<string> => {
  const path = join(folder.path, name);
  await runFfmpeg(["-i", clip, "-c", "copy", ...args, path]);
  return path;
};
/** Matroska takes its parameters of sound from a header, which a transport stream has not. */
const remuxToMkv = async (name: string, ...args: readonly string[]): Promise<string> => {
  const path = join(folder.path, name);
  const mp4 = await remux(`${name}.mp4`, ...AAC);
  await runFfmpeg(["-i", mp4, "-c", "copy", ...args, path]);
  return path;
};
const AAC = ["-bsf:a", "aac_adtstoasc"];

test.each([
  ["ts", async () => clip, "open"],
  ["mp4", () => remux("whole.mp4", ...AAC), "whole"],
  ["mkv", () => remuxToMkv("whole.mkv"), "whole"],
  [
    "fragmented mp4",
    () => remux("frag.mp4", ...AAC, "-movflags", "frag_keyframe+empty_moov"),
    "open",
  ],
  ["mkv without its end", () => remuxToMkv("live.mkv", "-live", "1"), "unfinished"],
  ["flv without its end", () => remux("live.flv", "-flvflags", "no_duration_filesize"), "open"],
] as const)("what a %s says of its own end", async (_, make, ending) => {
  const probed = await probeSource(await identity(await make()), TOOLS, signal);
  expect(probed.ending).toBe(ending);
});

test.each([
  ["ts", () => remux("film.ts")],
  ["mkv", () => remuxToMkv("film.mkv", "-live", "1", "-cluster_time_limit", "500")],
  ["fragmented mp4", () => remux("film.mp4", ...AAC, "-movflags", "frag_keyframe+empty_moov")],
] as const)("a %s that grows is followed in whole segments, which stay", async (_, make) => {
  const whole = await make();
  const bytes = await readFile(whole);
  const path = `${whole}.growing`;
  const cut = (share: number): number => Math.floor(bytes.length * share);
  await writeFile(path, bytes.subarray(0, cut(0.5)));
  const options = { readsAll: true, isGrowing: true };
  const begun = await probeSource(await identity(path), TOOLS, signal, options);
  // Sound that may yet have a hole is not copied.
  expect(begun.source.audio[0]?.isCopyable).toBe(false);
  const first = wholeSegments(buildTimeline(begun, 1));
  if (first === undefined) throw new Error("no segment");
  expect(first).toMatchObject({ growth: "going", framesPerSegment: 25 });
  using following = followFilm(begun.source, first, TOOLS, signal);
  let last: Timeline = first;
  for (const [from, to] of [
    [0.5, 0.8],
    [0.8, 1],
  ] as const) {
    await appendFile(path, bytes.subarray(cut(from), cut(to)));
    const file = await identity(path);
    const { frameCount } = last;
    // A look may come before all that was written has been read: the next one has more.
    const least = Math.floor(SECONDS * to - 3) * 25;
    last = await eventually("more of it", async () => {
      const found = await following.look(file);
      return found.frameCount > frameCount && found.frameCount >= least && found;
    });
    expect(last).toMatchObject({ zeroMicros: first.zeroMicros, rate: first.rate });
    expect(last.frameCount % 25).toBe(0);
  }
  const done = await probeSource(await identity(path), TOOLS, signal, {
    readsAll: true,
    grid: first,
  });
  const timeline = buildTimeline(done, 1);
  expect(timeline).toMatchObject({ zeroMicros: first.zeroMicros, rate: first.rate });
  expect(timeline.frameCount).toBeGreaterThanOrEqual(SECONDS * 25);
  expect(last.frameCount).toBeLessThanOrEqual((SECONDS - 1) * 25);
});
