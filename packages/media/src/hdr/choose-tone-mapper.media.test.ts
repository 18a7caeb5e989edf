import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Hdr } from "@upreel/core";
import { makeTempFolder, runFfmpeg, softwareVulkan, type TempFolder } from "@upreel/testkit";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { decodeFrames, planFile } from "../testing/test-run.ts";
import { chartColours, drawChart } from "./colour-chart.ts";
import { chooseToneMapper } from "./choose-tone-mapper.ts";
import { cubePath, writeCube } from "./cube-file.ts";
import { compareColours, costOf, type ChartWay } from "./tone-map-trial.ts";
import { shaderPath, writeShader } from "./tone-map-shader.ts";
import { listVulkanDevices } from "./vulkan-devices.ts";

const never = new AbortController().signal;
const driver = softwareVulkan();
vi.stubEnv("VK_DRIVER_FILES", driver ?? "/dev/null");
const [device] = driver === undefined ? [] : await listVulkanDevices("ffmpeg", never);
afterAll(() => void vi.unstubAllEnvs());

const kind = (base: "pq" | "hlg", peakNits = 1000): Hdr => ({ name: base, base, peakNits });
const table = (hdr: Hdr): ChartWay => ({ lookUp: { by: "table", file: cubePath(hdr) } });
const shader = (hdr: Hdr): ChartWay => ({
  lookUp: { by: "shader", file: shaderPath(hdr) },
  device: device?.index ?? 0,
});

it("without a Vulkan device HDR stays with the table, and says why", async () => {
  vi.stubEnv("VK_DRIVER_FILES", "/dev/null");
  try {
    expect(await chooseToneMapper("ffmpeg", never)).toEqual({
      ...{ device: undefined, why: "ffmpeg finds no Vulkan device" },
    });
  } finally {
    vi.stubEnv("VK_DRIVER_FILES", driver ?? "/dev/null");
  }
});

describe("the trial of a GPU", () => {
  let folder: TempFolder;
  const tools = () => ({ ffmpeg: "ffmpeg", folder: folder.path, signal: never });
  beforeAll(async () => {
    folder = await makeTempFolder();
    for (const hdr of [kind("pq"), kind("hlg")]) {
      await writeCube(hdr);
      await writeFile(join(folder.path, hdr.base), drawChart(chartColours(hdr)));
    }
  });
  afterAll(() => folder[Symbol.asyncDispose]());

  it("measures what a picture costs beside the start of ffmpeg", async () => {
    const { processorMs, wallMs } = await costOf(kind("pq"), table(kind("pq")), tools());
    expect(processorMs).toBeGreaterThan(1);
    expect(wallMs).toBeGreaterThan(1);
  });

  it("says in ffmpeg's words why nothing came of it", async () => {
    const missing: ChartWay = { lookUp: { by: "table", file: "/nowhere.cube" } };
    const tried = compareColours(kind("pq"), [table(kind("pq")), missing], tools());
    await expect(tried).rejects.toThrow(/nowhere\.cube/);
  });

  const NAME = "(needs Mesa's Vulkan driver in software)";
  it.skipIf(device === undefined)(`finds the table's colours in a shader ${NAME}`, async () => {
    for (const hdr of [kind("pq"), kind("hlg")]) {
      await writeShader(hdr);
      const difference = await compareColours(hdr, [table(hdr), shader(hdr)], tools());
      expect(difference, hdr.base).toBeLessThan(2);
    }
  });

  it.skipIf(device === undefined)(`tells a shader that gives other colours ${NAME}`, async () => {
    const other = kind("pq", 2000);
    await writeShader(other);
    const ways = [table(kind("pq")), shader(other)] as const;
    expect(await compareColours(kind("pq"), ways, tools())).toBeGreaterThan(2);
  });

  it.skipIf(device === undefined)(`takes no driver in software ${NAME}`, async () => {
    const { device: chosen, why } = await chooseToneMapper("ffmpeg", never);
    expect(chosen).toBeUndefined();
    expect(why).toMatch(/^llvmpipe .* computes on the processor$/);
  });
});

it.skipIf(device === undefined)(
  "a decoder gives the same pictures on a device, whatever takes them (needs Mesa's Vulkan driver in software)",
  async () => {
    await using folder = await makeTempFolder();
    const path = join(folder.path, "film.mkv");
    const source = "testsrc2=s=64x36:r=5:d=1,format=yuv420p10";
    const tags =
      "setparams=range=tv:colorspace=bt2020nc:color_primaries=bt2020:color_trc=smpte2084";
    await runFfmpeg(["-f", "lavfi", "-i", `${source},${tags}`, "-c:v", "ffv1", path]);
    const plan = await planFile(path);
    for (const wish of [
      { pixelFormat: "yuv444p" },
      { pixelFormat: "yuv444p", hasFullChroma: true },
      { pixelFormat: "gbrp" },
      { pixelFormat: "yuv420p", size: { width: 128, height: 72 } },
      { pixelFormat: "yuv444p", chromaSize: { width: 48, height: 28 } },
    ] as const) {
      const request = { ...wish, firstFrame: 1, frames: 2 };
      const own = await decodeFrames(plan, request);
      const onDevice = await decodeFrames(plan, { ...request, toneMapDevice: device?.index });
      expect([own.stderrTail, onDevice.stderrTail]).toEqual(["", ""]);
      expect(onDevice.frames).toHaveLength(2);
      const far = own.frames.map((frame, n) => farthest(frame, onDevice.frames[n]));
      // Of 255: what a table interpolates, and roundings.
      expect(Math.max(...far), JSON.stringify(wish)).toBeLessThanOrEqual(4);
      await rm(`${path}.raw`);
    }
  },
);

const farthest = (a: Buffer, b: Buffer = Buffer.alloc(0)): number =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] ?? 0))), 0);
