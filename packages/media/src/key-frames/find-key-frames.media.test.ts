import { chmod, open, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeClip, makeTempFolder } from "@upreel/testkit";
import { expect, test } from "vitest";
import { scanKeyFrames } from "./scan-key-frames.ts";
import { TOOLS, planFile, type TestPlan } from "../testing/test-run.ts";
import { findKeyFrames } from "./find-key-frames.ts";
import type { ReadBytes } from "./key-frame-index.ts";

const SIGNAL = AbortSignal.timeout(240_000);
const EACH_SECOND = ["-bf", "2", "-g", "25"];

const bytesOf =
  (path: string): ReadBytes =>
  async ({ start, length }) => {
    await using file = await open(path);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, start);
    return buffer.subarray(0, bytesRead);
  };

/** What is found of a film, what reading all of it finds, and what was asked of ffprobe on the way. */
async function findAndScan(plan: TestPlan, folder: string, readBytes?: ReadBytes) {
  const ffprobe = join(folder, "ffprobe");
  await writeFile(`${ffprobe}.log`, "");
  await writeFile(ffprobe, `#!/bin/sh\necho "$*" >> "$0.log"\nexec ffprobe "$@"\n`);
  await chmod(ffprobe, 0o755);
  const { path } = plan.source;
  const tools = { ffprobe, readBytes: readBytes ?? bytesOf(path) };
  const found = await findKeyFrames(plan, tools, SIGNAL);
  const asked = (await readFile(`${ffprobe}.log`, "utf8")).trim().split("\n");
  const scanned = await scanKeyFrames(plan, TOOLS, SIGNAL);
  const isByAll = asked.some((line) => !line.includes("-read_intervals"));
  return { found, scanned, isByAll };
}

const film = async (folder: string, name: string, extraArgs: readonly string[], seconds = 12) =>
  await planFile(
    await makeClip(join(folder, name), {
      ...{ width: 64, height: 36, rate: 25, seconds, extraArgs },
      ...(name.endsWith("webm") ? { codec: "libvpx-vp9", audio: { codec: "libopus" } } : {}),
    }),
  );

test.each([
  ["film.mkv", EACH_SECOND],
  ["cues-first.mkv", [...EACH_SECOND, "-cues_to_front", "1", "-reserve_index_space", "9000"]],
  ["film.mp4", EACH_SECOND],
  ["faststart.mp4", [...EACH_SECOND, "-movflags", "+faststart"]],
  ["shifted.mov", [...EACH_SECOND, "-output_ts_offset", "0.5"]],
  ["film.webm", ["-deadline", "realtime", "-cpu-used", "8", "-g", "25"]],
])(
  "%s: key frames come from its own list, and are those that all packets tell",
  async (...each) => {
    await using folder = await makeTempFolder();
    const plan = await film(folder.path, ...each);
    const { found, scanned, isByAll } = await findAndScan(plan, folder.path);
    expect(isByAll).toBe(false);
    expect(found.endMicros).toBe(scanned.endMicros);
    expect(found.groups.map(({ startMicros }) => startMicros)).toEqual(
      scanned.groups.map(({ startMicros }) => startMicros),
    );
    const sum = (groups: typeof found.groups) => groups.reduce((all, { bytes }) => all + bytes, 0);
    expect(sum(found.groups)).toBeGreaterThanOrEqual(sum(scanned.groups));
    // Matroska tells where they lie: sound that is between them counts, too.
    const isMp4 = plan.source.format.includes("mp4");
    const most = isMp4 ? sum(scanned.groups) : plan.source.sizeBytes;
    expect(sum(found.groups)).toBeLessThanOrEqual(most);
  },
);

test.each([
  ["film.ts", EACH_SECOND],
  ["streamed.mkv", [...EACH_SECOND, "-live", "1"]],
  ["fragments.mp4", [...EACH_SECOND, "-movflags", "+frag_keyframe+empty_moov"]],
  ["two-videos.mkv", [...EACH_SECOND, "-map", "0:v", "-map", "0:v", "-map", "1:a"]],
  ["rare.mkv", ["-g", "1000", "-sc_threshold", "0"]],
])("%s: has no list that is of use, and all of it is read", async (name, extraArgs) => {
  await using folder = await makeTempFolder();
  const plan = await film(folder.path, name, extraArgs, name === "rare.mkv" ? 20 : 4);
  const { found, scanned, isByAll } = await findAndScan(plan, folder.path);
  expect(isByAll).toBe(true);
  expect(found).toEqual(scanned);
});

test.each(["film.mkv", "film.mp4"])(
  "%s: a list that lies, or that nobody can read, is not believed",
  async (name) => {
    await using folder = await makeTempFolder();
    const plan = await film(folder.path, name, EACH_SECOND);
    const whole = await readFile(plan.source.path);
    const isMatroska = name === "film.mkv";
    const mark = isMatroska ? Buffer.from("1c53bb6b", "hex") : Buffer.from("stss");
    /** The third key frame, which is one of those that are looked at, is said to be a picture later. */
    const tellLater = (bytes: Buffer, at: number): void => {
      const time = Buffer.from("b382", "hex");
      const place = isMatroska
        ? bytes.indexOf(time, bytes.indexOf(time, at) + 4) + 3
        : at + 4 + 8 + 11;
      bytes[place] = (bytes[place] ?? 0) ^ (isMatroska ? 32 : 4);
    };
    for (const spoil of [
      tellLater,
      (bytes: Buffer, at: number) => bytes.fill(0xff, at + 4, at + 90),
      (bytes: Buffer, at: number) => bytes.fill(0, at + 4, at + 90),
    ]) {
      const bytes = Buffer.from(whole);
      spoil(bytes, bytes.lastIndexOf(mark));
      const readBytes: ReadBytes = async ({ start, length }) =>
        bytes.subarray(start, start + length);
      const { found, scanned, isByAll } = await findAndScan(plan, folder.path, readBytes);
      expect(isByAll).toBe(true);
      expect(found).toEqual(scanned);
    }
    const broken = await findAndScan(plan, folder.path, () => Promise.reject(new Error("away")));
    expect(broken.found).toEqual(broken.scanned);
  },
);
