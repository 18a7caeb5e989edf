import { join } from "node:path";
import type { Hdr, VideoTrack } from "@upreel/core";
import { execa } from "execa";
import { fileUrl } from "../ffmpeg/media-input.ts";
import { CHART_SIZE, readChart } from "./colour-chart.ts";
import { largestDifference } from "./colour-difference.ts";
import { onDevice, toneMapFilters, type ColourLookUp } from "./tone-map-filters.ts";

export interface TrialTools {
  readonly ffmpeg: string;
  readonly signal: AbortSignal;
  /** Has the chart of each kind of HDR, by the name of its base. */
  readonly folder: string;
}

/** One way to find colours. */
export interface ChartWay {
  readonly lookUp: ColourLookUp;
  /** Of a shader: the Vulkan device that it runs on. */
  readonly device?: number;
}

/** What a picture of 1080p costs, beside the start of ffmpeg. */
export interface PictureCost {
  readonly processorMs: number;
  readonly wallMs: number;
}

const LONGEST_MS = 60_000;
/** What the longer of two runs makes more than the shorter one is what is counted. */
const PICTURES = { few: 4, many: 28 } as const;

/** How far the colours of the chart are apart that two ways give, at most (CIEDE2000). */
export async function compareColours(
  hdr: Hdr,
  [one, other]: readonly [ChartWay, ChartWay],
  tools: TrialTools,
): Promise<number> {
  return largestDifference(await coloursBy(hdr, one, tools), await coloursBy(hdr, other, tools));
}

async function coloursBy(hdr: Hdr, way: ChartWay, { ffmpeg, folder, signal }: TrialTools) {
  const args = [
    ...["-loglevel", "error", ...chartInput(hdr, way, folder), "-frames:v", "1"],
    ...["-vf", `${chartFilters(way, "gbrp")},format=rgb24`, "-f", "rawvideo", "-"],
  ];
  const { stdout } = await execa(ffmpeg, args, { ...optionsOf(signal), encoding: "buffer" }).catch(
    failWith,
  );
  const wanted = 3 * CHART_SIZE.width * CHART_SIZE.height;
  if (stdout.length !== wanted)
    throw new Error(`a picture of ${stdout.length} bytes, not ${wanted}`);
  return readChart(Buffer.from(stdout));
}

/** What `way` costs. */
export async function costOf(hdr: Hdr, way: ChartWay, tools: TrialTools): Promise<PictureCost> {
  const few = await timeOf(PICTURES.few, hdr, way, tools);
  const many = await timeOf(PICTURES.many, hdr, way, tools);
  const pictures = PICTURES.many - PICTURES.few;
  return {
    processorMs: (many.processorMs - few.processorMs) / pictures,
    wallMs: (many.wallMs - few.wallMs) / pictures,
  };
}

const BENCH = /bench: utime=([\d.]+)s stime=([\d.]+)s rtime=([\d.]+)s/;

async function timeOf(
  pictures: number,
  hdr: Hdr,
  way: ChartWay,
  { ffmpeg, folder, signal }: TrialTools,
): Promise<PictureCost> {
  const args = [
    ...["-loglevel", "info", "-nostats", "-benchmark", "-stream_loop", "-1"],
    ...[...chartInput(hdr, way, folder), "-frames:v", String(pictures)],
    ...["-vf", chartFilters(way, "yuv444p"), "-f", "null", "-"],
  ];
  const { stderr } = await execa(ffmpeg, args, optionsOf(signal)).catch(failWith);
  const [, user, system, real] = BENCH.exec(stderr) ?? [];
  if (real === undefined) throw new Error("ffmpeg does not say how long it took");
  return {
    processorMs: 1000 * (Number(user) + Number(system)),
    wallMs: 1000 * Number(real),
  };
}

const optionsOf = (cancelSignal: AbortSignal) =>
  ({ cancelSignal, timeout: LONGEST_MS, forceKillAfterDelay: 100, stdin: "ignore" }) as const;

const chartInput = ({ base }: Hdr, { device }: ChartWay, folder: string): string[] => [
  ...["-hide_banner", ...(device === undefined ? [] : onDevice(device))],
  ...["-f", "rawvideo", "-pixel_format", "yuv420p10le", "-framerate", "24"],
  ...["-video_size", `${CHART_SIZE.width}x${CHART_SIZE.height}`, "-i", fileUrl(join(folder, base))],
];

const CHART: VideoTrack = {
  ...{ index: 0, codec: "rawvideo", pixelFormat: "yuv420p10le", bitDepth: 10, ...CHART_SIZE },
  ...{ sampleAspect: { num: 1, den: 1 }, rotation: 0, isInterlaced: false },
  colour: { range: "tv", matrix: "bt2020nc", primaries: "bt2020" },
};

export const chartFilters = ({ lookUp }: ChartWay, pixelFormat: "gbrp" | "yuv444p"): string =>
  toneMapFilters({ video: CHART, size: CHART_SIZE, pixelFormat, lookUp }).join(",");

/** The first line names the cause; those after it only say that nothing came of it. */
function failWith(thrown: unknown): never {
  const { stderr, shortMessage, timedOut } = thrown as {
    readonly stderr?: string | Uint8Array;
    readonly shortMessage?: string;
    readonly timedOut?: boolean;
  };
  if (timedOut === true) throw new Error(`no picture within ${LONGEST_MS / 1000} s`);
  const text = typeof stderr === "string" ? stderr : Buffer.from(stderr ?? []).toString();
  const lines = text.split("\n").map((line) => line.replace(/^(\[[^\]]*\]\s*)+/, "").trim());
  const complaint = lines.find(
    (line) => line !== "" && !/^(Input|Output|Stream|Press|bench)/.test(line),
  );
  throw new Error(complaint ?? shortMessage ?? String(thrown));
}
