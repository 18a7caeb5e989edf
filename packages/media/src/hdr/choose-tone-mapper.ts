import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Hdr } from "@upreel/core";
import { chartColours, drawChart } from "./colour-chart.ts";
import { cubePath, writeCube } from "./cube-file.ts";
import {
  chartFilters,
  compareColours,
  costOf,
  type ChartWay,
  type PictureCost,
  type TrialTools,
} from "./tone-map-trial.ts";
import { shaderPath, writeShader } from "./tone-map-shader.ts";
import {
  bestDevice,
  isSoftwareDevice,
  listVulkanDevices,
  type VulkanDevice,
} from "./vulkan-devices.ts";

/** Where HDR becomes SDR on this machine. */
export interface ToneMapperChoice {
  /** undefined: on the processor, by the table. */
  readonly device: VulkanDevice | undefined;
  /** Why, one sentence. */
  readonly why: string;
}

/** As far as two colours may be apart: who sees them one after the other calls them one (CIEDE2000). */
const MOST_DIFFERENCE = 2;
/** Of the processor's time; a gain that is within what is measured twice differently is none. */
const WORTH = 0.9;
/** A film of the usual kind; the other one is compared as well. */
const USUAL: Hdr = { name: "HDR10", base: "pq", peakNits: 1000 };
const KINDS: readonly Hdr[] = [USUAL, { name: "HLG", base: "hlg", peakNits: 1000 }];

/**
 * Tries whether a GPU makes SDR of HDR as the processor's table does, and at less cost, by the very filters of a run.
 * Never on a driver in software. Takes seconds where there is a GPU, else as long as ffmpeg starts.
 */
export async function chooseToneMapper(
  ffmpeg: string,
  signal: AbortSignal,
): Promise<ToneMapperChoice> {
  const devices = await listVulkanDevices(ffmpeg, signal);
  const device = bestDevice(devices);
  if (device === undefined) return { device, why: whyNone(devices) };
  const refused = await tryDevice(device, { ffmpeg, signal });
  if (typeof refused === "string") return { device: undefined, why: `${device.name}: ${refused}` };
  const { table, gpu } = refused;
  return { device, why: `${device.name} takes ${describe(gpu)}, the table ${describe(table)}` };
}

/** Another one has to be tried anew: of the shader, of the filters around it. */
export const toneMapWay = (): string =>
  KINDS.map((hdr) => chartFilters(gpuOf(hdr, 0), "yuv444p")).join("\n");

function whyNone(devices: readonly VulkanDevice[]): string {
  const [software] = devices.filter(isSoftwareDevice);
  return software === undefined
    ? "ffmpeg finds no Vulkan device"
    : `${software.name} computes on the processor`;
}

/** What both ways cost, or why the device is not taken. */
async function tryDevice(
  { index }: VulkanDevice,
  { ffmpeg, signal }: Omit<TrialTools, "folder">,
): Promise<{ readonly table: PictureCost; readonly gpu: PictureCost } | string> {
  const folder = await mkdtemp(join(tmpdir(), "upreel-hdr-"));
  const tools = { ffmpeg, signal, folder };
  try {
    for (const hdr of KINDS) {
      await Promise.all([writeCube(hdr), writeShader(hdr)]);
      await writeFile(join(folder, hdr.base), drawChart(chartColours(hdr)));
      const difference = await compareColours(hdr, [tableOf(hdr), gpuOf(hdr, index)], tools);
      if (difference > MOST_DIFFERENCE)
        return `its ${hdr.name} is ${difference.toFixed(1)} from the table's (CIEDE2000, ${MOST_DIFFERENCE} at most)`;
    }
    // In turns, so that what else runs takes its share of both.
    const costs = { table: [] as PictureCost[], gpu: [] as PictureCost[] };
    for (let turn = 0; turn < 2; turn += 1) {
      costs.table.push(await costOf(USUAL, tableOf(USUAL), tools));
      costs.gpu.push(await costOf(USUAL, gpuOf(USUAL, index), tools));
    }
    const [table, gpu] = [leastOf(costs.table), leastOf(costs.gpu)];
    return isWorthIt(gpu, table)
      ? { table, gpu }
      : `it takes ${describe(gpu)}, the table ${describe(table)}`;
  } catch (thrown) {
    signal.throwIfAborted();
    return thrown instanceof Error ? thrown.message : String(thrown);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const tableOf = (hdr: Hdr): ChartWay => ({ lookUp: { by: "table", file: cubePath(hdr) } });
const gpuOf = (hdr: Hdr, device: number): ChartWay => ({
  lookUp: { by: "shader", file: shaderPath(hdr) },
  device,
});

/** It has to save the processor work, and pictures must come no later. */
export const isWorthIt = (gpu: PictureCost, table: PictureCost): boolean =>
  gpu.processorMs <= WORTH * table.processorMs && gpu.wallMs <= table.wallMs;

const leastOf = (costs: readonly PictureCost[]): PictureCost => ({
  processorMs: Math.min(...costs.map(({ processorMs }) => processorMs)),
  wallMs: Math.min(...costs.map(({ wallMs }) => wallMs)),
});

const describe = ({ processorMs, wallMs }: PictureCost): string =>
  `${processorMs.toFixed(1)} ms of the processor and ${wallMs.toFixed(1)} ms in all a picture of 1080p`;
