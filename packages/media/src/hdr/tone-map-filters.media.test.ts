import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeTempFolder, runFfmpeg } from "@upreel/testkit";
import { expect, test } from "vitest";
import { decodeFrames, planFile } from "../testing/test-run.ts";
import { largestDifference, rgbOfYuv } from "./colour-difference.ts";
import type { Rgb } from "./tone-map.ts";

/** Patches of 16 pixels: a ramp of grey, ramps of pure colours, and others by chance. */
const PATCH = 16;
const COLUMNS = 32;
const ROWS = 12;
const SIZE = { width: COLUMNS * PATCH, height: ROWS * PATCH };

/** Up to 1000 cd/m², which is 0.75 in PQ. */
function patches(brightest: number): Rgb[] {
  let seed = 15;
  const random = (): number => (seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;
  return Array.from({ length: COLUMNS * ROWS }, (_, i) => {
    const value = (brightest * (i % COLUMNS)) / (COLUMNS - 1);
    const hue = Math.floor(i / COLUMNS);
    if (hue < 8) return [hue & 1, hue & 2, hue & 4].map((on) => (on || hue === 0 ? value : 0));
    return [random(), random(), random()].map((part) => brightest * part);
  }) as unknown as Rgb[];
}

/** As 10-bit 4:2:0 of BT.2020, limited range. */
function yuv420p10(colours: readonly Rgb[]): Buffer {
  const [kr, kb] = [0.2627, 0.0593];
  const planes = [1, 2, 2].map((step) => ({
    step,
    samples: Buffer.alloc((2 * SIZE.width * SIZE.height) / step ** 2),
  }));
  for (const [plane, { step, samples }] of planes.entries()) {
    const width = SIZE.width / step;
    for (let i = 0; i < samples.length / 2; i += 1) {
      const x = Math.floor((i % width) / (PATCH / step));
      const y = Math.floor(i / width / (PATCH / step));
      const [r = 0, g = 0, b = 0] = colours[y * COLUMNS + x] ?? [];
      const luma = kr * r + (1 - kr - kb) * g + kb * b;
      const value = [
        64 + 876 * luma,
        512 + (896 * (b - luma)) / (2 - 2 * kb),
        512 + (896 * (r - luma)) / (2 - 2 * kr),
      ][plane];
      samples.writeUInt16LE(Math.round(value ?? 0), 2 * i);
    }
  }
  return Buffer.concat(planes.map(({ samples }) => samples));
}

async function makePatches(folder: string, transfer: string): Promise<string> {
  const raw = join(folder, "patches.raw");
  const path = join(folder, "patches.mkv");
  await writeFile(raw, yuv420p10(patches(transfer === "smpte2084" ? 0.75 : 1)));
  const tags = ["-color_range", "tv", "-colorspace", "bt2020nc", "-color_primaries", "bt2020"];
  const input = ["-f", "rawvideo", "-pixel_format", "yuv420p10le", "-framerate", "5"];
  await runFfmpeg([
    ...[...input, "-video_size", `${SIZE.width}x${SIZE.height}`, "-stream_loop", "4", "-i", raw],
    ...[
      "-vf",
      `setparams=range=tv:colorspace=bt2020nc:color_primaries=bt2020:color_trc=${transfer}`,
    ],
    ...["-c:v", "ffv1", ...tags, "-color_trc", transfer, path],
  ]);
  return path;
}

/** The colour in the middle of each patch of a frame that is `times` as large. */
function colours(frame: Buffer, pixelFormat: string, times = 1): Rgb[] {
  const width = SIZE.width * times;
  const height = SIZE.height * times;
  const at = (plane: number, i: number): number => {
    const x = (Math.floor(i % COLUMNS) + 0.5) * PATCH * times;
    const y = (Math.floor(i / COLUMNS) + 0.5) * PATCH * times;
    if (plane === 0 || pixelFormat !== "yuv420p")
      return frame[plane * width * height + y * width + x] ?? 0;
    const chroma = (width * height) / 4;
    return frame[width * height + (plane - 1) * chroma + ((y / 2) * width) / 2 + x / 2] ?? 0;
  };
  return Array.from({ length: COLUMNS * ROWS }, (_, i): Rgb => {
    const planes = [at(0, i), at(1, i), at(2, i)] as const;
    if (pixelFormat !== "gbrp") return rgbOfYuv(planes);
    return [planes[2] / 255, planes[0] / 255, planes[1] / 255];
  });
}

/** What the usual chain of zscale makes of it. */
async function usualColours(path: string): Promise<Rgb[]> {
  const target = `${path}.usual`;
  const chain =
    "zscale=t=linear:npl=100,format=gbrpf32le,zscale=p=bt709,tonemap=hable:desat=0,zscale=t=bt709:m=gbr:r=pc:d=none,format=gbrp";
  await runFfmpeg(["-i", path, "-frames:v", "1", "-vf", chain, "-f", "rawvideo", target]);
  return colours(await readFile(target), "gbrp");
}

test.each(["smpte2084", "arib-std-b67"])(
  "%s becomes the SDR that zscale makes of it, whatever takes the pictures",
  async (transfer) => {
    await using folder = await makeTempFolder();
    const path = await makePatches(folder.path, transfer);
    const plan = await planFile(path);
    expect(plan.output.colour).toMatchObject({ matrix: "bt709", transfer: "bt709", range: "tv" });
    const usual = await usualColours(path);
    const larger = { width: 2 * SIZE.width, height: 2 * SIZE.height };
    for (const [pixelFormat, size, times] of [
      ["gbrp", SIZE, 1],
      ["yuv444p", SIZE, 1],
      ["yuv420p", SIZE, 1],
      ["yuv420p", larger, 2],
    ] as const) {
      const request = { firstFrame: 2, frames: 1, pixelFormat, size };
      const { frames, stderrTail } = await decodeFrames(plan, request);
      expect(stderrTail).toBe("");
      const got = colours(frames[0] ?? Buffer.alloc(0), pixelFormat, times);
      expect(largestDifference(got, usual), `${pixelFormat} × ${times}`).toBeLessThan(2);
    }
  },
);

test("chroma for a network that doubles lies a quarter of a pixel before that of the picture", async () => {
  await using folder = await makeTempFolder();
  const path = join(folder.path, "ramp.mkv");
  const ramp = "nullsrc=s=64x32:r=5:d=1,format=yuv420p10,geq=lum=400:cb=350+10*X:cr=512";
  const tags =
    "setparams=range=tv:colorspace=bt2020nc:color_primaries=bt2020:color_trc=arib-std-b67";
  await runFfmpeg(["-f", "lavfi", "-i", `${ramp},${tags}`, "-c:v", "ffv1", path]);
  const plan = await planFile(path);
  const row = async (hasFullChroma: boolean): Promise<number[]> => {
    const request = { firstFrame: 0, frames: 1, pixelFormat: "yuv444p", hasFullChroma } as const;
    const [frame] = (await decodeFrames(plan, request)).frames;
    // Some rows of U, since what is rounded off is spread over them.
    const at = (x: number, y: number): number => frame?.[64 * 32 + 64 * y + x] ?? 0;
    return Array.from(
      { length: 64 },
      (_, x) => (at(x, 12) + at(x, 13) + at(x, 14) + at(x, 15)) / 4,
    );
  };
  const [full, doubled] = [await row(true), await row(false)];
  const middle = Array.from({ length: 40 }, (_, i) => i + 12);
  const sum = (of: (x: number) => number): number => middle.reduce((all, x) => all + of(x), 0);
  const quarters = sum((x) => ((full[x + 1] ?? 0) - (full[x - 1] ?? 0)) / 2) / 4;
  expect(sum((x) => (full[x] ?? 0) - (doubled[x] ?? 0)) / quarters).toBeCloseTo(1, 0);
  expect(quarters).toBeGreaterThan(5);
});
