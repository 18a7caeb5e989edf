import { createReadStream } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { chromaStrips } from "@upreel/core";
import { makeClip, makeTempFolder, runFfmpeg, type ClipOptions } from "@upreel/testkit";
import { expect, test } from "vitest";
import { makeFifo } from "../ffmpeg/make-fifo.ts";
import { startDecoder } from "./start-decoder.ts";
import {
  decodeFrames,
  hash,
  planFile,
  TOOLS,
  turnMp4,
  type TestPlan,
} from "../testing/test-run.ts";

const SMALL = { width: 96, height: 64, rate: 25, seconds: 12, audio: false } as const;
const SIZE = { width: 96, height: 64 };

async function clip(
  folder: string,
  name: string,
  options: Partial<ClipOptions> = {},
  segmentSeconds = 2,
) {
  return planFile(await makeClip(join(folder, name), { ...SMALL, ...options }), segmentSeconds);
}

const hashes = async (plan: TestPlan, firstFrame: number, frames: number) => {
  const decoded = await decodeFrames(plan, { firstFrame, frames, marginSeconds: 16, size: SIZE });
  return decoded.frames.map(hash);
};

/** As a run decodes them: from close by, and from further ahead where that was too close. */
async function hashesOfRun(plan: TestPlan, firstFrame: number, frames: number): Promise<string[]> {
  const target = `${plan.source.path}.fifo`;
  await makeFifo(target);
  const request = { ...plan, firstFrame, frames, pixelFormat: "yuv420p", target } as const;
  const decoder = await startDecoder({ ...request, size: SIZE }, { ...TOOLS, name: "decoder" });
  const raw = await buffer(createReadStream(target));
  expect((await decoder.exited).exitCode).toBe(0);
  await rm(target);
  const bytes = SIZE.width * SIZE.height * 1.5;
  return Array.from({ length: raw.length / bytes }, (_, n) =>
    hash(raw.subarray(n * bytes, (n + 1) * bytes)),
  );
}

const B_FRAMES = ["-bf", "3", "-g", "60", "-x264-params", "b-pyramid=normal"];
/** Pictures after an IDR-less I picture still need those before it. */
const OPEN_GOPS = ["-bf", "3", "-g", "50", "-x264-params", "open-gop=1:b-pyramid=normal"];
/** No picture stands alone: what is called a key frame is whole only when a stripe has gone through those after it. */
const REFRESHED = ["-bf", "0", "-g", "32", "-x264-params", "intra-refresh=1"];
/** Sound begins with the film, and the pictures no whole number of them later. */
const ODD_START = ["-vf", "setpts=PTS+0.317/TB"];
const CASES: [string, Partial<ClipOptions>, number?][] = [
  ["film.mkv", { rate: "24000/1001", extraArgs: B_FRAMES }],
  ["film.mp4", { rate: "30000/1001", extraArgs: B_FRAMES, audio: {} }],
  ["film.ts", { rate: 25, extraArgs: B_FRAMES, audio: {} }],
  ["film.avi", { rate: "24000/1001", codec: "mpeg4", extraArgs: ["-bf", "2", "-g", "50"] }],
  ["film.vob", { rate: 25, codec: "mpeg2video", extraArgs: ["-bf", "2", "-q:v", "4"] }],
  ["film.flv", { rate: 30 }],
  ["vfr.mp4", { extraArgs: ["-vf", "select='not(eq(mod(n,7),3))'", "-fps_mode", "vfr"] }],
  ["fast.mkv", { rate: 60 }],
  ["raw.264", { rate: 25 }],
  ["refresh.mkv", { rate: 24, extraArgs: REFRESHED }],
  ["open.mkv", { rate: "24000/1001", extraArgs: OPEN_GOPS }],
  ["open.ts", { rate: "30000/1001", extraArgs: OPEN_GOPS, audio: {} }],
  ["open.vob", { rate: 25, codec: "mpeg2video", extraArgs: ["-bf", "2", "-g", "40", "-q:v", "4"] }],
  ["odd start.ts", { rate: 25, extraArgs: [...B_FRAMES, "-output_ts_offset", "7.345"], audio: {} }],
  ["odd start.mkv", { rate: "24000/1001", extraArgs: [...B_FRAMES, ...ODD_START], audio: {} }],
  ["odd start.mp4", { rate: 60, seconds: 10, extraArgs: [...B_FRAMES, ...ODD_START], audio: {} }],
  // Segments of 7 and 38 frames: they begin at no whole microsecond, at no whole picture.
  ["twice.mp4", { rate: "120000/1001", seconds: 10 }, 0.117],
  [
    "between.avi",
    { rate: "191/10", seconds: 16, codec: "mpeg4", extraArgs: ["-bf", "2", "-g", "50"] },
    1.9,
  ],
];

test.each(CASES)(
  "%s gives the same frames wherever it is entered",
  async (name, options, segment) => {
    await using folder = await makeTempFolder();
    const plan = await clip(folder.path, name, options, segment);
    const { frameCount, framesPerSegment: n } = plan.timeline;
    const whole = await hashes(plan, 0, frameCount + 10);
    expect(Math.abs(whole.length - frameCount)).toBeLessThanOrEqual(2);
    // Moving test pictures: none is like another, but where a varying rate repeats them.
    expect(new Set(whole).size).toBeGreaterThan(
      frameCount * (/^(vfr|between)/.test(name) ? 0.8 : 0.95),
    );
    for (const k of new Set([3, 5, Math.floor(frameCount / n) - 1])) {
      const entered = [await hashes(plan, k * n, n), await hashesOfRun(plan, k * n, n)];
      expect(entered, `segment ${k}`).toEqual([
        whole.slice(k * n, (k + 1) * n),
        whole.slice(k * n, (k + 1) * n),
      ]);
    }
  },
);

test.each(["film.mp4", "film.ts", "film.flv", "film.mkv"])(
  "%s at a constant rate comes out picture by picture, the last one too",
  async (name) => {
    await using folder = await makeTempFolder();
    const plan = await clip(folder.path, name, { seconds: 4, extraArgs: B_FRAMES });
    const all = join(folder.path, "all.yuv");
    await runFfmpeg(["-i", plan.source.path, "-fps_mode", "passthrough", "-f", "rawvideo", all]);
    const pictures = await readFile(all);
    expect(pictures.length).toBe(100 * 96 * 64 * 1.5);
    const { frames } = await decodeFrames(plan, { firstFrame: 0, frames: 100 });
    expect(Buffer.concat(frames).equals(pictures)).toBe(true);
  },
);

test("before a late first picture, that picture repeats", async () => {
  await using folder = await makeTempFolder();
  const film = await makeClip(join(folder.path, "film.mp4"), { ...SMALL, seconds: 3, audio: {} });
  const late = join(folder.path, "late.ts");
  await runFfmpeg([
    ...["-itsoffset", "0.8", "-i", film, "-i", film, "-map", "0:v", "-map", "1:a", "-c", "copy"],
    late,
  ]);
  const plan = await planFile(late);
  const frames = await hashes(plan, 0, 60);
  const repeated = frames.filter((frame) => frame === frames[0]).length;
  // 0.8 s at 25 fps, give or take the priming of AAC; the first picture itself is one of them.
  expect(Math.abs(repeated - 21)).toBeLessThanOrEqual(1);
  expect(new Set(frames.slice(repeated)).size).toBe(60 - repeated);
});

test("odd, turned and anamorphic pictures come upright, square and in the planned size", async () => {
  await using folder = await makeTempFolder();
  const path = await makeClip(join(folder.path, "film.mp4"), {
    ...SMALL,
    seconds: 1,
    extraArgs: ["-vf", "scale=97:65", "-pix_fmt", "yuv444p", "-aspect", "16:9"],
  });
  await turnMp4(path);
  const plan = await planFile(path);
  expect(plan.output).toMatchObject({ inputWidth: 65, inputHeight: 116 });
  for (const pixelFormat of ["yuv444p", "gbrp", "yuv420p"] as const) {
    const { frames } = await decodeFrames(plan, { firstFrame: 0, frames: 25, pixelFormat });
    expect(frames).toHaveLength(25);
  }
});

test.each(["tv", "pc"])("luma of a film in %s range arrives bit by bit", async (range) => {
  await using folder = await makeTempFolder();
  const color = ["-color_range", range, "-pix_fmt", range === "pc" ? "yuvj420p" : "yuv420p"];
  const options = { width: 130, height: 98, seconds: 1, extraArgs: ["-qp", "30", ...color] };
  const plan = await clip(folder.path, "film.mkv", options);
  expect(plan.source.video.colour.range ?? "tv").toBe(range);
  const luma = join(folder.path, "luma.raw");
  const extract = ["-vf", "extractplanes=y", "-frames:v", "5", "-f", "rawvideo", luma];
  await runFfmpeg(["-i", plan.source.path, ...extract]);
  const wanted = await readFile(luma);
  const request = { firstFrame: 0, frames: 5, pixelFormat: "yuv444p" } as const;
  for (const chromaSize of [undefined, { width: 97, height: 73 }]) {
    const { frames } = await decodeFrames(plan, { ...request, chromaSize });
    const got = Buffer.concat(frames.map((frame) => frame.subarray(0, 130 * 98)));
    expect(got.equals(wanted)).toBe(true);
  }
});

test("chroma planes of 4:4:4 are those of the doubled picture", async () => {
  await using folder = await makeTempFolder();
  // A ramp along x: the sample that lies at luma pixel x has the value 20 + 4x.
  const ramp = "nullsrc=s=48x64:r=1:d=1,format=yuv420p,geq=lum=128:cb=20+8*X:cr=128";
  const path = join(folder.path, "ramp.mkv");
  await runFfmpeg(["-f", "lavfi", "-i", ramp, "-c:v", "ffv1", path]);
  const plan = await planFile(path);
  const request = { firstFrame: 0, frames: 1, pixelFormat: "yuv444p" } as const;
  const [frame] = (await decodeFrames(plan, request)).frames;
  const row = frame?.subarray(48 * 64 + 48 * 32, 48 * 64 + 48 * 33) ?? Buffer.alloc(0);
  // Sample i of the doubled picture lies at its luma pixel 2i, which is at i − 1/4 of the source.
  const wanted = Array.from({ length: 32 }, (_, i) => 20 + 4 * (i + 8 - 0.25));
  expect([...row.subarray(8, 40)]).toEqual(wanted);
});

test("chroma of an output that is half as large again comes in its own size, below luma", async () => {
  await using folder = await makeTempFolder();
  const ramp = "nullsrc=s=48x64:r=1:d=1,format=yuv420p,geq=lum=3*X+Y:cb=20+8*X:cr=20+5*Y";
  const path = join(folder.path, "ramp.mkv");
  await runFfmpeg(["-f", "lavfi", "-i", ramp, "-c:v", "ffv1", path]);
  const plan = await planFile(path);
  const chromaSize = { width: 36, height: 48 };
  const request = { firstFrame: 0, frames: 1, pixelFormat: "yuv444p", chromaSize } as const;
  const [frame = Buffer.alloc(0)] = (await decodeFrames(plan, request)).frames;
  expect(frame).toHaveLength(48 * (64 + 2 * 48));
  const luma = Array.from({ length: 48 * 64 }, (_, i) => 3 * (i % 48) + Math.floor(i / 48));
  expect([...frame.subarray(0, luma.length)]).toEqual(luma);
  // Sample i lies at luma pixel 2i of the output, which is at 4i/3 − 1/6 of the source, where cb is 20 + 4x.
  const u = frame.subarray(48 * (64 + 24), 48 * (64 + 24) + 36);
  for (const i of [8, 9, 10, 11, 20, 25])
    expect(u[i]).toBeCloseTo(20 + 4 * ((4 * i) / 3 - 1 / 6), -0.3);
  // From top to bottom it lies between two rows, as 4:2:0 does.
  const v = (row: number): number | undefined => frame[48 * (64 + 48 + row) + 10];
  for (const i of [8, 9, 10, 11, 20])
    expect(v(i)).toBeCloseTo(20 + 5 * ((i + 0.5) / 1.5 - 0.5), -0.3);
});

test.each([3, 4])(
  "chroma of an output that is %i times as large comes in columns, below luma",
  async (factor) => {
    await using folder = await makeTempFolder();
    const ramp = "nullsrc=s=46x64:r=1:d=1,format=yuv420p,geq=lum=3*X+Y:cb=20+8*X:cr=20+5*Y";
    const path = join(folder.path, "ramp.mkv");
    await runFfmpeg(["-f", "lavfi", "-i", ramp, "-c:v", "ffv1", path]);
    const plan = await planFile(path);
    const chromaSize = { width: 23 * factor, height: 32 * factor };
    const request = { firstFrame: 0, frames: 1, pixelFormat: "yuv444p", chromaSize } as const;
    const [frame = Buffer.alloc(0)] = (await decodeFrames(plan, request)).frames;
    const { height } = chromaSize;
    expect(frame).toHaveLength(46 * (64 + 4 * height));
    const luma = Array.from({ length: 46 * 64 }, (_, i) => 3 * (i % 46) + Math.floor(i / 46));
    expect([...frame.subarray(0, luma.length)]).toEqual(luma);
    const { stripWidth } = chromaStrips(chromaSize.width, 46);
    const at = (plane: 0 | 1, row: number, i: number): number => {
      const column = Math.floor(i / stripWidth);
      const line = 64 + (2 * plane + column) * height + row;
      return frame[46 * line + (i % stripWidth)] ?? NaN;
    };
    /** Where samples lie is told by many of them: one is rounded to half a level. */
    const meanFrom = (first: number, count: number, away: (n: number) => number): number =>
      Array.from({ length: count }, (_, n) => away(first + n)).reduce((a, b) => a + b) / count;
    // Sample i lies at luma pixel 2i of the output, and cb is 20 + 4x at pixel x of the source; in either column.
    const cb = (i: number): number => 20 + 4 * ((2 * i + 0.5) / factor - 0.5);
    const cr = (row: number): number => 20 + 5 * ((row + 0.5) / factor - 0.5);
    for (const first of [8, stripWidth])
      expect(meanFrom(first, 24, (i) => at(0, 32, i) - cb(i))).toBeCloseTo(0, 0.6);
    expect(meanFrom(20, 24, (row) => at(1, row, stripWidth + 2) - cr(row))).toBeCloseTo(0, 0.6);
  },
);

test("interlaced film is deinterlaced at its frame rate", async () => {
  await using folder = await makeTempFolder();
  const fields = ["-vf", "tinterlace=interleave_top", "-flags", "+ildct+ilme", "-q:v", "3"];
  const options = { rate: 50, seconds: 4, codec: "mpeg2video", extraArgs: fields };
  const plan = await clip(folder.path, "film.vob", options);
  expect(plan.source.video.isInterlaced).toBe(true);
  expect(plan.timeline.rate).toEqual({ num: 25, den: 1 });
  expect(await hashes(plan, 0, 100)).toHaveLength(100);
});

test("a corrupt stretch in the middle goes on", async () => {
  await using folder = await makeTempFolder();
  const plan = await clip(folder.path, "film.mkv", { seconds: 4, extraArgs: ["-g", "25"] });
  const bytes = await readFile(plan.source.path);
  bytes.fill(0x5a, Math.floor(bytes.length / 2), Math.floor(bytes.length / 2) + 3000);
  await writeFile(plan.source.path, bytes);
  expect(await hashes(plan, 0, 100)).toHaveLength(100);
});

test.each([
  ["film.mp4", []],
  ["film.mov", ["-bf", "3"]],
  ["film.ts", ["-bf", "0"]],
])("the last picture of %s at a varying rate comes out", async (name, more) => {
  await using folder = await makeTempFolder();
  const times = "settb=1/90000,setpts='if(lt(N,12),N/12,1+(N-12)/30)/TB'";
  const options = ["-vf", times, "-fps_mode", "passthrough", "-enc_time_base", "1:90000", ...more];
  const path = join(folder.path, name);
  const plan = await planFile(
    await makeClip(path, { ...SMALL, rate: 30, seconds: 2, extraArgs: options }),
  );
  expect(plan.timeline.frameCount).toBe(78);
  const frames = await hashes(plan, 0, 78);
  expect(frames).toHaveLength(78);
  expect(frames.at(-1)).not.toBe(frames.at(-2));
});
