import { mkdir, readFile, readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { framePts90k, segmentCount, segmentFileName, segmentFrames } from "@upreel/core";
import { makeClip, makeTempFolder, runFfmpeg, type ClipOptions } from "@upreel/testkit";
import { expect, test } from "vitest";
import {
  planFile,
  readEntries,
  readPictures,
  readSoundTimes,
  runSegments,
  type TestPlan,
  type TestRun,
} from "../testing/test-run.ts";
import { CHIRP, decodeSound, likeness } from "../testing/test-sound.ts";

const SMALL = { width: 96, height: 64, rate: 25, seconds: 20 } as const;

async function clip(folder: string, name: string, options: Partial<ClipOptions> = {}) {
  return small(await planFile(await makeClip(join(folder, name), { ...SMALL, ...options })));
}

/** The same film, made in a size that costs nothing. */
const small = (plan: TestPlan): TestPlan => ({
  ...plan,
  output: { ...plan.output, width: 64, height: 36 },
});

test.each([
  ["24000/1001", { audio: {} }],
  ["30000/1001", { audio: { codec: "ac3" } }],
  [25, { audio: false }],
  [60, { audio: {}, seconds: 5 }],
] as [string | number, Partial<ClipOptions>][])(
  "at %s fps each segment holds its own pictures, on core's clock, from an IDR on",
  async (rate, options) => {
    await using folder = await makeTempFolder();
    const plan = await clip(folder.path, "film.mkv", { rate, seconds: 7, ...options });
    const count = segmentCount(plan.timeline);
    const run = join(folder.path, "run");
    await runSegments(plan, { folder: run, fromSegment: 0, toSegment: count });
    const names = Array.from({ length: count }, (_, k) => segmentFileName(k));
    expect(await readdir(run)).toEqual([...names, "run.m3u8"]);
    for (const [k, name] of names.entries()) {
      const { first, end } = segmentFrames(plan.timeline, k);
      const times = Array.from({ length: end - first }, (_, i) =>
        framePts90k(plan.timeline, first + i),
      );
      const made = await readPictures(join(run, name));
      expect(made.map((picture) => picture.pts)).toEqual(times);
      expect(made.map((picture) => picture.isKey)).toEqual(times.map((_, i) => i === 0));
    }
  },
);

async function soundClip(
  folder: string,
  name: string,
  codec: string,
  seconds: number,
): Promise<TestPlan> {
  const path = join(folder, name);
  await runFfmpeg([
    ...["-f", "lavfi", "-i", `testsrc2=s=96x64:r=25:d=${seconds}`],
    ...[
      "-f",
      "lavfi",
      "-i",
      `${CHIRP}:d=${seconds}`,
      "-preset",
      "ultrafast",
      "-bf",
      "2",
      "-g",
      "100",
    ],
    ...["-c:v", name.endsWith("vob") ? "mpeg2video" : "libx264", "-c:a", codec, "-ac", "2", path],
  ]);
  return small(await planFile(path));
}

test.each([
  ["copied AAC in Matroska", "film.mkv", "aac", "copy"],
  ["MP3 in Matroska", "film.mkv", "libmp3lame", "aac"],
  ["AC-3 in MPEG-TS", "film.ts", "ac3", "aac"],
  ["MP2 in VOB", "film.vob", "mp2", "aac"],
])("%s meets where separate runs meet", async (_, name, codec, kind) => {
  await using folder = await makeTempFolder();
  const plan = await soundClip(folder.path, name, codec, 12);
  expect(plan.output.audio.kind).toBe(kind);
  const count = segmentCount(plan.timeline);
  const whole = join(folder.path, "whole.ts");
  await writeFile(whole, Buffer.concat(await makeSegments(plan, folder.path, 0, count)));
  // A run for every second segment: a seam at each of them.
  const parts: Buffer[] = [];
  for (let k = 0; k < count; k += 2) {
    parts.push(...(await makeSegments(plan, folder.path, k, Math.min(k + 2, count))));
  }
  const mixed = join(folder.path, "mixed.ts");
  await writeFile(mixed, Buffer.concat(parts));

  expect(await readSoundTimes(mixed)).toEqual(await readSoundTimes(whole));
  expect((await readPictures(mixed)).map(({ pts }) => pts)).toEqual(
    (await readPictures(whole)).map(({ pts }) => pts),
  );
  const [a, b] = [await decodeSound(whole), await decodeSound(mixed)];
  expect(b.length).toBe(a.length);
  // Copies are the same bytes; AAC made twice differs by no more than its own noise.
  for (const seam of [2, 4]) {
    for (let ms = -100; ms < 100; ms += 20) {
      const likeHere = likeness(a, b, seam * 2 * 48_000 + 48 * ms, 960);
      const where = `${ms} ms from the start of segment ${seam}`;
      expect(likeHere, where).toBeGreaterThan(kind === "copy" ? 100 : 30);
    }
  }
});

/** Segments [from, to) as one run makes them, in order. */
async function makeSegments(
  plan: TestPlan,
  folder: string,
  fromSegment: number,
  toSegment: number,
  withEncoder?: TestRun["withEncoder"],
): Promise<Buffer[]> {
  const made = join(folder, `from-${fromSegment}-to-${toSegment}`);
  const run = { folder: made, fromSegment, toSegment, size: SMALL };
  await runSegments(plan, withEncoder === undefined ? run : { ...run, withEncoder });
  const files = (await readdir(made)).filter((file) => /^\d+\.ts$/.test(file)).sort();
  return Promise.all(files.map((file) => readFile(join(made, file))));
}

const PICTURE_BYTES = 64 * 36 * 1.5;

/** Decoded pictures of segments that follow each other, one after the other. */
async function decodePictures(segments: readonly Buffer[], path: string): Promise<Buffer[]> {
  await writeFile(path, Buffer.concat(segments));
  const raw = `${path}.yuv`;
  await runFfmpeg(["-i", path, "-an", "-fps_mode", "passthrough", "-f", "rawvideo", raw]);
  const bytes = await readFile(raw);
  return Array.from({ length: bytes.length / PICTURE_BYTES }, (_, i) =>
    bytes.subarray(i * PICTURE_BYTES, (i + 1) * PICTURE_BYTES),
  );
}

function decibels(a: Buffer, b: Buffer): number {
  const error = a.reduce((sum, value, at) => sum + (value - (b[at] ?? 0)) ** 2, 0);
  return 10 * Math.log10((255 ** 2 * a.length) / error);
}

const constantQuantiser = (args: readonly string[]): readonly string[] =>
  args.map((arg, at) =>
    arg === "-crf"
      ? "-qp"
      : args[at - 1] === "-x264-params"
        ? `${arg}:mbtree=0:keyint=infinite`
        : arg,
  );

test.each([
  ["constant QP: bit by bit", constantQuantiser, Infinity],
  ["CRF: above 40 dB", undefined, 40],
] as const)(
  "where runs meet the decoded pictures are those of one run, with %s",
  async (_, withEncoder, least) => {
    await using folder = await makeTempFolder();
    const film = await clip(folder.path, "film.mkv", {
      ...{ rate: "24000/1001", seconds: 12, audio: false },
      extraArgs: ["-bf", "3", "-g", "60"],
    });
    // The quality that streams have by default.
    const plan = { ...film, output: { ...film.output, quality: 20 } };
    const one = await makeSegments(plan, folder.path, 0, 6, withEncoder);
    const runs = [
      await makeSegments(plan, folder.path, 0, 2, withEncoder),
      await makeSegments(plan, folder.path, 2, 3, withEncoder),
      await makeSegments(plan, folder.path, 3, 6, withEncoder),
    ].flat();
    const wanted = await decodePictures(one, join(folder.path, "one.ts"));
    const got = await decodePictures(runs, join(folder.path, "runs.ts"));
    expect(got.length).toBe(wanted.length);
    for (const [index, picture] of got.entries()) {
      expect(decibels(picture, wanted[index]!), `picture ${index}`).toBeGreaterThanOrEqual(least);
    }
  },
);

test("sound begins with the film, and stays in step with the source", async () => {
  await using folder = await makeTempFolder();
  const plan = await soundClip(folder.path, "film.mkv", "flac", 16);
  const run = join(folder.path, "run");
  await runSegments(plan, { folder: run, fromSegment: 0, toSegment: 8 });
  const segments = Array.from({ length: 8 }, (_, k) => readFile(join(run, segmentFileName(k))));
  const film = join(folder.path, "made.ts");
  await writeFile(film, Buffer.concat(await Promise.all(segments)));
  const start = framePts90k(plan.timeline, 0);
  expect(Math.abs(((await readSoundTimes(film))[0] ?? 0) - start)).toBeLessThanOrEqual(2);
  const [source, made] = [await decodeSound(plan.source.path), await decodeSound(film)];
  for (const seconds of [0.1, 5, 15]) {
    expect(likeness(source, made, seconds * 48_000, 4800), `${seconds} s`).toBeGreaterThan(25);
  }
});

test("a track that ends early goes on in silence, in every segment", async () => {
  await using folder = await makeTempFolder();
  const plan = await clip(folder.path, "film.mp4", { extraArgs: ["-af", "atrim=0:3"] });
  expect(plan.output.audio.kind).toBe("aac");
  const run = join(folder.path, "run");
  await runSegments(plan, { folder: run, fromSegment: 8, toSegment: 10 });
  for (const k of [8, 9]) {
    const times = await readSoundTimes(join(run, segmentFileName(k)));
    expect(Math.abs(times.length - (2 * 48_000) / 1024)).toBeLessThan(2);
  }
});

test.each(["it's: 100% [x]|y\\z, ünï", "  spaces  and 'quotes' "])(
  "folders may be called «%s»",
  async (name) => {
    await using folder = await makeTempFolder();
    const inside = join(folder.path, name);
    await mkdir(inside);
    const plan = await clip(inside, "film.mkv", { seconds: 4 });
    const run = join(inside, "run");
    await runSegments(plan, { folder: run, fromSegment: 1, toSegment: 2 });
    expect(await readdir(run)).toEqual(["000001.ts", "run.m3u8"]);
    expect(await readPictures(join(run, "000001.ts"))).toHaveLength(50);
  },
);

test("frames are scaled to the output, and their colours are tagged", async () => {
  await using folder = await makeTempFolder();
  const tags = "range=pc:colorspace=bt470bg:color_primaries=bt470bg:color_trc=bt470bg";
  const options = { seconds: 2, extraArgs: ["-vf", `format=yuv420p,setparams=${tags}`] };
  const plan = await clip(folder.path, "film.mkv", options);
  const run = join(folder.path, "run");
  await runSegments(plan, { folder: run, fromSegment: 0, toSegment: 1, size: SMALL });
  const entries =
    "stream=width,height,pix_fmt,color_range,color_space,color_transfer,color_primaries,field_order";
  const [row] = await readEntries(join(run, "000000.ts"), "v", entries);
  expect(row?.slice(0, 7)).toEqual([
    ...["64", "36", "yuvj420p", "pc", "bt470bg", "bt470bg", "bt470bg"],
  ]);
});

test("every picture tells its length, so that a cut one can be told from a whole one", async () => {
  await using folder = await makeTempFolder();
  const plan = await clip(folder.path, "film.mkv", { seconds: 2 });
  const run = join(folder.path, "run");
  await runSegments(plan, { folder: run, fromSegment: 0, toSegment: 1 });
  expect(declaredPictureBytes(await readFile(join(run, "000000.ts")))).toHaveLength(50);
});

/** Lengths of the video PES packets that are not 0 (ISO/IEC 13818-1, 2.4.3.7: 0 is "not told"). */
function declaredPictureBytes(segment: Buffer): number[] {
  const lengths: number[] = [];
  for (let at = 0; at < segment.length; at += 188) {
    const startsUnit = (segment[at + 1]! & 0x40) !== 0;
    const payloadAt = at + 4 + (segment[at + 3]! & 0x20 ? 1 + segment[at + 4]! : 0);
    // Start code and stream id of the first video stream.
    if (!startsUnit || segment.readUInt32BE(payloadAt) !== 0x1e0) continue;
    const length = segment.readUInt16BE(payloadAt + 4);
    if (length > 0) lengths.push(length);
  }
  return lengths;
}

test("HEVC has the same segments", async () => {
  await using folder = await makeTempFolder();
  const plan = await clip(folder.path, "film.mkv", { seconds: 4, width: 160, height: 96 });
  const hevc: TestPlan = { ...plan, output: { ...plan.output, encoder: "libx265" } };
  const run = join(folder.path, "run");
  await runSegments(hevc, { folder: run, fromSegment: 0, toSegment: 2 });
  for (const k of [0, 1]) {
    const made = await readPictures(join(run, segmentFileName(k)));
    expect(made).toHaveLength(50);
    expect(made[0]).toEqual({ pts: framePts90k(plan.timeline, 50 * k), isKey: true });
  }
});

test("no segment exceeds 15 MB, however long, of noise in the best quality", async () => {
  await using folder = await makeTempFolder();
  const noise = { width: 192, height: 108, seconds: 31, audio: false } as const;
  const film = await makeClip(join(folder.path, "film.mkv"), {
    ...{ ...SMALL, ...noise },
    extraArgs: ["-vf", "noise=alls=100:allf=t"],
  });
  const planned = await planFile(film, 30);
  const size = { width: 192, height: 108 };
  const plan = { ...planned, output: { ...planned.output, ...size, quality: 1 } };
  const run = join(folder.path, "run");
  await runSegments(plan, { folder: run, fromSegment: 0, toSegment: 1, size });
  const { size: bytes } = await stat(join(run, segmentFileName(0)));
  expect(bytes).toBeGreaterThan(10_000_000);
  expect(bytes).toBeLessThanOrEqual(15_000_000);
});
