import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { segmentCount, segmentFrames, type Scan } from "@upreel/core";
import { makeTempFolder, runFfmpeg } from "@upreel/testkit";
import { describe, expect, test } from "vitest";
import { decodeFrames, hash, planFile, type TestPlan } from "../../testing/test-run.ts";
import { combFigures } from "./comb-figures.ts";
import { judgePlace } from "./judge-fields.ts";

const SIZE = { width: 96, height: 72 };
const STEPS = 100;
/** Stripes that move, over a band whose brightness counts the pictures. */
const MOVING =
  `geq=lum='if(lt(Y,48),if(lt(mod(X+4*N+8*floor(Y/16),32),16),50,200),16+2*mod(N,${STEPS}))'` +
  ":cb=128:cr=128";

interface Clip {
  readonly rate: string;
  readonly seconds: number;
  /** Behind the picture. */
  readonly filter?: string;
  readonly codec?: string;
  readonly args?: readonly string[];
}

async function makeFields(path: string, { rate, seconds, filter, codec, args = [] }: Clip) {
  const source = `nullsrc=s=${SIZE.width}x${SIZE.height}:r=${rate}:d=${seconds},format=yuv420p,${MOVING}`;
  await runFfmpeg([
    ...["-f", "lavfi", "-i", source, "-f", "lavfi", "-i", `sine=d=${seconds}`],
    ...["-vf", filter ?? "null", "-c:v", codec ?? "libx264"],
    ...(codec === undefined ? ["-preset", "ultrafast", "-qp", "1", "-g", "25"] : ["-q:v", "2"]),
    ...[...args, "-shortest", path],
  ]);
  return planFile(path, 1);
}

const PLAIN = "setfield=prog";

/** Luma of the frames of a run. */
async function lumas(plan: TestPlan, firstFrame: number, frames: number): Promise<Buffer[]> {
  const made = await decodeFrames(plan, { firstFrame, frames });
  return made.frames.map((frame) => frame.subarray(0, SIZE.width * SIZE.height));
}

/** How the made pictures look to who looks for fields, sixteen at a time. */
const judge = (frames: readonly Buffer[]): (Scan | undefined)[] =>
  Array.from({ length: Math.floor(frames.length / 16) }, (_, n) => {
    const bytes = Buffer.concat(frames.slice(16 * n, 16 * n + 16));
    return judgePlace([...combFigures({ bytes, ...SIZE })]);
  });

const numberOf = (frame: Buffer): number => {
  const row = frame.subarray(60 * SIZE.width + 40, 60 * SIZE.width + 48);
  return Math.round((row.reduce((sum, value) => sum + value, 0) / row.length - 16) / 2);
};

const all = (plan: TestPlan): Promise<Buffer[]> => lumas(plan, 0, plan.timeline.frameCount);

describe("interlaced pictures that say they are not", () => {
  test.each([
    ["tff", "film.mkv", "25", `tinterlace=interleave_top,${PLAIN}`],
    ["bff", "film.mp4", "30000/1001", `tinterlace=interleave_bottom,${PLAIN}`],
    ["tff", "film.ts", "25", `tinterlace=interleave_top,${PLAIN}`],
  ] as const)("are deinterlaced: %s in %s", async (order, name, rate, filter) => {
    await using folder = await makeTempFolder();
    const twice = rate === "25" ? "50" : "60000/1001";
    const plan = await makeFields(join(folder.path, name), { rate: twice, seconds: 4, filter });
    expect(plan.source.video).toMatchObject({
      ...{ isInterlaced: false, scan: { kind: "interlaced", order } },
    });
    const frames = await all(plan);
    expect(frames).toHaveLength(plan.timeline.frameCount);
    expect(Math.abs(frames.length - 4 * (rate === "25" ? 25 : 29.97))).toBeLessThanOrEqual(1);
    for (const seen of judge(frames)) expect(seen).toEqual({ kind: "progressive" });
    // The earlier field is the picture: every second one of those that were woven.
    const numbers = frames.slice(2, -2).map(numberOf);
    expect(numbers).toEqual(numbers.map((_, n) => ((numbers[0] ?? 0) + 2 * n) % STEPS));
  });
});

describe("film in video", () => {
  test.each([
    ["a new film", "telecine=pattern=23", []],
    [
      "one that begins within a cycle",
      "telecine=pattern=32:first_field=bottom,trim=start_frame=3",
      [],
    ],
    [
      "one that says it is interlaced",
      "telecine=pattern=23,setfield=tff",
      ["-flags", "+ildct+ilme"],
    ],
  ])("has its own rate, and every picture once: %s", async (_, filter, args) => {
    await using folder = await makeTempFolder();
    const clip = { rate: "24000/1001", seconds: 6, filter: `${filter},setpts=PTS-STARTPTS`, args };
    const isFlagged = args.length > 0;
    const plan = await makeFields(join(folder.path, "film.mkv"), {
      ...{ ...clip, filter: isFlagged ? clip.filter : `${clip.filter},${PLAIN}` },
      ...(isFlagged ? { codec: "mpeg2video" } : {}),
    });
    const { timeline } = plan;
    expect(plan.source.video.scan).toMatchObject({ kind: "telecine" });
    expect(timeline.rate).toEqual({ num: 24_000, den: 1001 });
    const frames = await all(plan);
    for (const seen of judge(frames)) expect(seen).toEqual({ kind: "progressive" });
    const numbers = frames.slice(0, -4).map(numberOf);
    expect(numbers).toEqual(numbers.map((__, n) => ((numbers[0] ?? 0) + n) % STEPS));
    expect(frames.length).toBeGreaterThanOrEqual(141);
    for (let k = 1; k < segmentCount(timeline); k += 2) {
      const { first, end } = segmentFrames(timeline, k);
      const entered = await lumas(plan, first, end - first);
      expect(entered.map(hash), `segment ${k}`).toEqual(frames.slice(first, end).map(hash));
    }
  });
});

describe("whole pictures", () => {
  test("that say they are interlaced stay as sharp as they are", async () => {
    await using folder = await makeTempFolder();
    const plan = await makeFields(join(folder.path, "film.vob"), {
      ...{ rate: "25", seconds: 3, filter: "setfield=tff", codec: "mpeg2video" },
      args: ["-flags", "+ildct+ilme"],
    });
    expect(plan.source.video).toMatchObject({ isInterlaced: true, scan: { kind: "progressive" } });
    const luma = join(folder.path, "luma.raw");
    const extract = ["-vf", "extractplanes=y", "-fps_mode", "passthrough", "-f", "rawvideo", luma];
    await runFfmpeg(["-i", plan.source.path, ...extract]);
    const wanted = await readFile(luma);
    expect(Buffer.concat(await all(plan)).equals(wanted)).toBe(true);
  });

  test("before interlaced ones stay as they are, and those are deinterlaced", async () => {
    await using folder = await makeTempFolder();
    const parts = [
      { rate: "25", seconds: 3, filter: PLAIN },
      { rate: "50", seconds: 3, filter: `tinterlace=interleave_top,${PLAIN}` },
    ].map(async (part, n) => {
      const path = join(folder.path, `${n}.ts`);
      await makeFields(path, { ...part, args: ["-output_ts_offset", String(3 * n)] });
      return readFile(path);
    });
    const path = join(folder.path, "film.ts");
    await writeFile(path, Buffer.concat(await Promise.all(parts)));
    const plan = await planFile(path, 1);
    expect(plan.source.video.scan).toEqual({ kind: "mixed", order: "tff" });
    const frames = await all(plan);
    for (const seen of judge(frames)) expect(seen).toEqual({ kind: "progressive" });
    const luma = join(folder.path, "luma.raw");
    const extract = ["-vf", "extractplanes=y", "-frames:v", "70", "-f", "rawvideo", luma];
    await runFfmpeg(["-i", path, ...extract]);
    const wanted = await readFile(luma);
    const size = SIZE.width * SIZE.height;
    const changed = frames
      .slice(0, 70)
      .filter((frame, n) => !frame.equals(wanted.subarray(n * size, (n + 1) * size)));
    expect(changed).toEqual([]);
  });
});
