import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PTS_OFFSET_FRAMES, frameSeconds, type Source } from "@upreel/core";
import { makeClip, makeTempFolder, runFfmpeg } from "@upreel/testkit";
import { expect, test } from "vitest";
import { originalArguments, originalContainer } from "./original-arguments.ts";
import { scanKeyFrames } from "../key-frames/scan-key-frames.ts";
import { TOOLS, planFile, readEntries, type TestPlan } from "../testing/test-run.ts";

const H264 = ["-bf", "2", "-g", "40"];
/** Pictures before the key frame in time come after it in the file. */
const OPEN_GOP = ["-preset", "veryfast", "-x264-params", "open-gop=1:bframes=3:keyint=40"];
const VP9 = ["-deadline", "realtime", "-cpu-used", "8", "-g", "40"];

/** Times of all pictures in order, in microseconds of the file's own clock. */
async function pictureTimes(path: string): Promise<number[]> {
  const rows = await readEntries(path, "v", "packet=pts_time");
  return rows.map(([pts]) => Math.round(Number(pts) * 1e6)).toSorted((a, b) => a - b);
}

async function copySegments(plan: TestPlan, folder: string, from: number, to: number) {
  const { source, timeline } = plan;
  const container = originalContainer(source)!;
  const { groups } = await scanKeyFrames(plan, TOOLS, AbortSignal.timeout(240_000));
  const startsMicros = groups.map(({ startMicros }) => startMicros);
  await mkdir(folder);
  const parts = groups.map(({ part }) => part);
  const range = { parts, from, to: Math.min(to, startsMicros.length), folder, marginSeconds: 5 };
  await runFfmpeg(originalArguments({ source, timeline, container, startsMicros, ...range }));
  const wanted = (name: string) =>
    Number.parseInt(name, 10) >= from && Number.parseInt(name, 10) < to;
  const names = (await readdir(folder)).filter(wanted);
  expect(names).toHaveLength(range.to - from);
  return { startsMicros, files: names.map((name) => join(folder, name)) };
}

test.each([
  ["H.264 with B-frames in Matroska", "film.mkv", "libx264", H264],
  ["H.264 with B-frames in MP4", "film.mp4", "libx264", H264],
  ["open groups in MPEG-TS", "film.ts", "libx264", OPEN_GOP],
  ["VP9 in WebM", "film.webm", "libvpx-vp9", VP9],
])("%s: every picture is copied once, at its own time, whatever is made first", async (...film) => {
  const [, name, codec, extraArgs] = film;
  await using folder = await makeTempFolder();
  const path = join(folder.path, name);
  const size = { width: 64, height: 36, rate: "24000/1001", seconds: 14 };
  const plan = await planFile(await makeClip(path, { ...size, codec, audio: false, extraArgs }));
  const late = await copySegments(plan, join(folder.path, "late"), 5, 99);
  const early = await copySegments(plan, join(folder.path, "early"), 0, 5);
  const times: number[] = [];
  for (const [k, file] of [...early.files, ...late.files].entries()) {
    const own = await pictureTimes(file);
    const shift = frameSeconds(plan.timeline, PTS_OFFSET_FRAMES) * 1e6;
    times.push(...own.map((time) => time - shift + plan.timeline.zeroMicros));
    const [first] = await readEntries(file, "v", "packet=pts_time,flags");
    expect(first?.[1]).toMatch(/^K/);
    const start = (early.startsMicros[k] ?? 0) + shift;
    expect(Math.abs(Number(first?.[0]) * 1e6 - start)).toBeLessThan(100);
  }
  const wanted = await pictureTimes(path);
  expect(times).toHaveLength(wanted.length);
  for (const [i, time] of times.toSorted((a, b) => a - b).entries()) {
    // The clock of MPEG-TS has steps of 11 microseconds.
    expect(Math.abs(time - (wanted[i] ?? 0)), `picture ${i}`).toBeLessThan(100);
  }
});

test("a film without a key frame is told of", async () => {
  await using folder = await makeTempFolder();
  const path = join(folder.path, "film.mp4");
  const clip = { width: 64, height: 36, rate: 25, seconds: 1, audio: false as const };
  const plan = await planFile(await makeClip(path, clip));
  // (Of Matroska that is cut here ffmpeg says "Input/output error", as of a disk that is away.)
  await writeFile(path, (await readFile(path)).subarray(0, 300));
  const scan = scanKeyFrames(plan, TOOLS, AbortSignal.timeout(240_000));
  await expect(scan).rejects.toMatchObject({ code: "source_unreadable" });
});

test.each([
  ["h264", "yuv420p", 0, "ts"],
  ["h264", "yuv420p10le", 0, "ts"],
  ["h264", "yuv444p", 0, "mp4"],
  ["h264", "yuv420p", 90, "mp4"],
  ["av1", "yuv420p", 0, "mp4"],
  ["rv40", "yuv420p", 0, undefined],
] as const)(
  "%s %s turned by %i degrees goes into %s",
  (codec, pixelFormat, rotation, container) => {
    const video = { codec, pixelFormat, rotation };
    expect(originalContainer({ video } as Source)).toBe(container);
  },
);
