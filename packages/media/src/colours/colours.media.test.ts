import { createReadStream } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { segmentCount, segmentFileName, segmentFrames } from "@upreel/core";
import { makeTempFolder, runFfmpeg } from "@upreel/testkit";
import { expect, test } from "vitest";
import { transferOption } from "../picture/colour.ts";
import { makeFifo } from "../ffmpeg/make-fifo.ts";
import { startDecoder } from "../decoding/start-decoder.ts";
import { makeLower } from "../testing/test-lower.ts";
import { planFile, TOOLS, type TestPlan } from "../testing/test-run.ts";

const SIZE = { width: 64, height: 48 };
/** Of four patches side by side. */
const PATCHES = ["0xc04030", "0x50a070", "0x4050b0", "0xb0a090"];
const LEVELS = 2;

interface Part {
  readonly range: "tv" | "pc";
  readonly matrix: string;
  readonly primaries: string;
  readonly transfer: string;
  readonly pixelFormat?: string;
}

const BT709: Part = { range: "tv", matrix: "bt709", primaries: "bt709", transfer: "bt709" };
const BT601: Part = {
  ...{ range: "tv", matrix: "smpte170m", primaries: "smpte170m", transfer: "smpte170m" },
};
const ZSCALE_RANGES = { tv: "limited", pc: "full" };
const zscale = (prefix: string, part: Part): string =>
  [
    `m${prefix}=${part.matrix.replace("smpte170m", "170m").replace("bt709", "709").replace("bt2020nc", "2020_ncl")}`,
    `p${prefix}=${part.primaries.replace("smpte170m", "170m").replace("bt709", "709").replace("bt2020", "2020")}`,
    `t${prefix}=${part.transfer.replace("smpte170m", "601").replace("bt709", "709")}`,
    `r${prefix}=${ZSCALE_RANGES[part.range]}`,
  ].join(":");

/** Patches as a part codes them: by these numbers whatever they mean, so that parts mean other colours. */
async function makePart(path: string, part: Part, n: number): Promise<Buffer> {
  const { pixelFormat = part.range === "pc" ? "yuvj420p" : "yuv420p" } = part;
  const patches = PATCHES.map((colour) => `color=${colour}:s=16x48:r=25:d=2[c${colour}]`);
  const graph =
    `${patches.join(";")};${PATCHES.map((colour) => `[c${colour}]`).join("")}hstack=inputs=4,` +
    `scale=out_color_matrix=${part.matrix === "bt2020nc" ? "bt2020" : part.matrix}:out_range=${part.range},format=${pixelFormat},` +
    `setparams=range=${part.range}:colorspace=${part.matrix}:color_primaries=${part.primaries}:color_trc=${part.transfer}`;
  const isDeep = pixelFormat.endsWith("10le");
  await runFfmpeg([
    ...["-filter_complex", graph, "-c:v", isDeep ? "libx265" : "libx264", "-preset", "ultrafast"],
    ...(isDeep
      ? ["-x265-params", "lossless=1:log-level=error:keyint=25"]
      : ["-qp", "2", "-g", "25"]),
    ...["-color_range", part.range, "-colorspace", part.matrix],
    ...["-color_primaries", part.primaries, "-color_trc", transferOption(part.transfer)],
    ...["-output_ts_offset", String(2 * n), path],
  ]);
  return readFile(path);
}

async function joinParts(folder: string, parts: readonly Part[]): Promise<TestPlan> {
  const path = join(folder, "film.ts");
  const bytes: Buffer[] = [];
  for (const [n, part] of parts.entries())
    bytes.push(await makePart(join(folder, `${n}.ts`), part, n));
  await writeFile(path, Buffer.concat(bytes));
  return planFile(path, 1);
}

async function frames(plan: TestPlan, firstFrame: number, count: number): Promise<Buffer[]> {
  const target = `${plan.source.path}.fifo`;
  await makeFifo(target);
  const decoder = await startDecoder(
    { ...plan, firstFrame, frames: count, pixelFormat: "yuv420p", size: SIZE, target },
    { ffmpeg: TOOLS.ffmpeg, name: "decoder" },
  );
  const bytes = await buffer(createReadStream(target));
  expect(await decoder.exited).toMatchObject({ exitCode: 0 });
  await rm(target);
  const size = SIZE.width * SIZE.height * 1.5;
  return Array.from({ length: bytes.length / size }, (_, n) =>
    bytes.subarray(n * size, (n + 1) * size),
  );
}

/** Levels in the middle of each patch. */
const levels = (frame: Buffer): number[] =>
  PATCHES.flatMap((_, n) => {
    const x = 16 * n + 8;
    const luma = SIZE.width * SIZE.height;
    const chroma = (24 / 2) * (SIZE.width / 2) + x / 2;
    return [24 * SIZE.width + x, luma + chroma, luma * 1.25 + chroma].map((at) => frame[at] ?? 0);
  });

/** What zscale makes of a part, in the colours of the first one. */
async function wanted(folder: string, part: Part, made: Part, n: number): Promise<number[]> {
  const raw = join(folder, "wanted.yuv");
  const filter = `zscale=${zscale("in", part)}:${zscale("", made)},format=yuv420p`;
  await runFfmpeg([
    ...["-i", join(folder, `${n}.ts`), "-vf", filter, "-frames:v", "1", "-f", "rawvideo", raw],
  ]);
  return levels(await readFile(raw));
}

test.each<[string, readonly Part[]]>([
  ["another matrix", [BT709, { ...BT709, matrix: "smpte170m" }, BT709]],
  ["another range", [BT709, { ...BT709, range: "pc" }]],
  ["all of it", [BT601, BT709, { ...BT601, range: "pc" }]],
  [
    "another transfer",
    [BT709, { ...BT709, transfer: "bt470bg" }, { ...BT709, transfer: "bt470m" }],
  ],
  ["the transfer of a computer", [{ ...BT601, transfer: "iec61966-2-1" }, BT601]],
  ["the curve of another camera", [BT709, { ...BT709, transfer: "smpte170m" }, BT601]],
  ["limited after full", [{ ...BT709, range: "pc" }, BT709]],
])("a film that changes its colours keeps those of each part: %s", async (_, parts) => {
  await using folder = await makeTempFolder();
  const plan = await joinParts(folder.path, parts);
  const { timeline } = plan;
  expect(timeline.colours?.map(({ firstFrame }) => firstFrame)).toEqual(
    parts.slice(1).map((__, n) => 50 * (n + 1)),
  );
  const all = await frames(plan, 0, timeline.frameCount);
  expect(all).toHaveLength(50 * parts.length);
  const [made = BT709] = parts;
  for (const [n, part] of parts.entries()) {
    const due = await wanted(folder.path, part, made, n);
    for (const frame of [all[50 * n], all[50 * n + 49]]) {
      const off = levels(frame ?? Buffer.alloc(0)).map((level, i) =>
        Math.abs(level - (due[i] ?? 0)),
      );
      expect(Math.max(...off), `part ${n}, not ${due.join()}`).toBeLessThanOrEqual(LEVELS);
    }
  }
  for (let k = 1; k < segmentCount(timeline); k += 2) {
    const { first, end } = segmentFrames(timeline, k);
    const entered = await frames(plan, first, end - first);
    expect(entered.map(levels), `segment ${k}`).toEqual(all.slice(first, end).map(levels));
  }
});

test("a lower quality has the colours of each part, too", async () => {
  await using folder = await makeTempFolder();
  const plan = await joinParts(folder.path, [BT709, { ...BT709, range: "pc" }, BT601]);
  const { timeline } = plan;
  const all = await frames(plan, 0, timeline.frameCount);
  const lower = join(folder.path, "lower");
  // The first two parts by one work, and the last one by another.
  await makeLower(plan, lower, 0, 4);
  const later = join(folder.path, "later");
  await makeLower(plan, later, 4, segmentCount(timeline));
  for (let k = 0; k < segmentCount(timeline); k += 1) {
    const raw = join(folder.path, "lower.yuv");
    const size = `scale=${SIZE.width}:${SIZE.height}:flags=neighbor,format=yuv420p`;
    const path = join(k < 4 ? lower : later, segmentFileName(k));
    await runFfmpeg(["-i", path, "-vf", size, "-frames:v", "1", "-f", "rawvideo", raw]);
    const due = levels(all[segmentFrames(timeline, k).first] ?? Buffer.alloc(0));
    const off = levels(await readFile(raw)).map((level, i) => Math.abs(level - (due[i] ?? 0)));
    expect(Math.max(...off), `segment ${k}, not ${due.join()}`).toBeLessThanOrEqual(2 * LEVELS);
  }
});

test("a film of which a part is HDR has that part in the colours of a film of its own", async () => {
  await using folder = await makeTempFolder();
  const hdr10: Part = {
    ...{ range: "tv", matrix: "bt2020nc", primaries: "bt2020", transfer: "smpte2084" },
    pixelFormat: "yuv420p10le",
  };
  const deep: Part = { ...BT709, pixelFormat: "yuv420p10le" };
  const plan = await joinParts(folder.path, [deep, hdr10, deep]);
  expect(plan.source.video.hdr).toBeUndefined();
  expect(plan.timeline.colours).toMatchObject([
    { firstFrame: 50, hdr: { base: "pq" } },
    { firstFrame: 100, colour: { transfer: "bt709" } },
  ]);
  const all = await frames(plan, 0, plan.timeline.frameCount);
  const alone = await planFile(join(folder.path, "1.ts"), 1);
  expect(alone.source.video.hdr?.base).toBe("pq");
  const [due] = await frames(alone, 0, 1);
  for (const n of [50, 75, 99]) expect(levels(all[n]!)).toEqual(levels(due!));
  expect(levels(all[100]!)).toEqual(levels(all[0]!));
});
