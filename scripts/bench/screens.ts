import { availableParallelism, cpus, loadavg } from "node:os";
import { join } from "node:path";
import type { Output, Rung, VideoEncoder } from "@upreel/core";
import { makeTempFolder } from "@upreel/testkit";
import { createCatalogue, createUpscaler, threadsFor, type Upscaler } from "@upreel/upscaler";
import { planClip, type ClipPlan } from "./decode-clip.ts";
import { makeFilm } from "./film.ts";
import { measureWhole, type StageCpu } from "./whole-pipeline.ts";

const RATE = 24;
const SECONDS = 8;
const SEGMENTS = 4;

/** A film of so many lines on a screen of so many. */
export interface ScreenCase {
  readonly height: number;
  readonly screen: number;
  /** By how much it is enlarged, where that is not the usual factor. */
  readonly factors?: readonly number[];
}

const SCREEN_CASES: readonly ScreenCase[] = [
  { height: 720, screen: 1080 },
  { height: 480, screen: 720 },
  { height: 360, screen: 720 },
  { height: 360, screen: 1080, factors: [3] },
  { height: 270, screen: 1080, factors: [4] },
];

/** What the networks have to enlarge by for an output: the smallest factor that reaches it. */
export const factorFor = ({ inputWidth, width }: Pick<Output, "inputWidth" | "width">): number =>
  [1.5, 2, 3].find((factor) => factor * inputWidth >= width) ?? 4;

export const SCREEN_HEAD = [
  "| film | model | on | encoder | decode | network | encode | fps | × real time | alone on the cores | most CPU |",
  "| --- | --- | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |",
].join("\n");

/** One case as a row of the table; CPU milliseconds a frame. */
export async function measureScreen(
  plan: ClipPlan,
  rung: Rung,
  encoder: VideoEncoder,
  { upscaler, folder }: { readonly upscaler: Upscaler; readonly folder: string },
): Promise<string> {
  await upscaler.load(rung);
  const figures = await measureWhole(plan, rung, SEGMENTS, upscaler, folder);
  const { inputWidth, inputHeight, width, height } = plan.output;
  const { decodeMs, networkMs, encodeMs, fps } = figures;
  const wholeMs = decodeMs + networkMs + encodeMs;
  const alone = (availableParallelism() * 1_000) / wholeMs / RATE;
  const cells = [
    `${inputWidth}×${inputHeight} → ${width}×${height}`,
    ...[rung.model.id, rung.provider, encoder],
    ...[decodeMs, networkMs, encodeMs].map((ms) => `${ms.toFixed(1)} ms`),
    ...[fps.toFixed(1), (fps / RATE).toFixed(2), `${alone.toFixed(2)}×`, dearestStage(figures)],
  ];
  return `| ${cells.join(" | ")} |`;
}

/** The stage that takes most of the processor, and its share. A GPU's own time is not in it. */
export function dearestStage({ decodeMs, networkMs, encodeMs }: StageCpu): string {
  const stages = { decode: decodeMs, network: networkMs, encode: encodeMs };
  const [most] = Object.entries(stages).toSorted(([, a], [, b]) => b - a);
  const all = decodeMs + networkMs + encodeMs;
  return most === undefined ? "" : `${most[0]} (${((100 * most[1]) / all).toFixed(0)} %)`;
}

/** Films on the screens that people have, by the built-in models, with what each stage costs. */
export async function benchScreens(clip: string | undefined, pattern: string): Promise<void> {
  await using folder = await makeTempFolder();
  await using upscaler = createUpscaler({ threads: threadsFor(availableParallelism()) });
  const models = (await createCatalogue().list()).filter(({ kind }) => kind === "luma");
  const load = loadavg()[0]?.toFixed(1);
  console.log(
    `${availableParallelism()} cores of ${cpus()[0]?.model}, load ${load}, ${RATE} fps\n`,
  );
  console.log(SCREEN_HEAD);
  for (const { height, screen, factors } of SCREEN_CASES) {
    const size = { width: 2 * Math.round((height * 8) / 9), height };
    const film = await makeFilm(join(folder.path, `${height}.mp4`), SECONDS, size, clip);
    const wish = { scale: "auto", targetHeight: screen, maxOutputHeight: 8640, factors } as const;
    const plan = await planClip(film, wish);
    const scale = factorFor(plan.output);
    for (const model of models)
      if (model.scale === scale && model.id.includes(pattern))
        console.log(
          await measureScreen(plan, { model, provider: "cpu" }, "libx264", {
            ...{ upscaler, folder: folder.path },
          }),
        );
  }
}
