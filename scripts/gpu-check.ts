import { availableParallelism, cpus } from "node:os";
import { join } from "node:path";
import { PROVIDERS, VIDEO_ENCODERS, type Provider, type VideoEncoder } from "@upreel/core";
import { examineToneMapper, missingFor, readGpuFacts, rungOn, type GpuFacts } from "@upreel/engine";
import { chooseEncoder } from "@upreel/media";
import { makeTempFolder } from "@upreel/testkit";
import { createCatalogue, createUpscaler } from "@upreel/upscaler";
import { measureInProcess } from "@upreel/workers";
import { planClip } from "./bench/decode-clip.ts";
import { makeFilm } from "./bench/film.ts";
import { factorFor, measureScreen, SCREEN_HEAD, type ScreenCase } from "./bench/screens.ts";

/**
 * `npm run gpu-check`: proves and times the built-in networks on every GPU provider, and every hardware encoder, in
 * under ten minutes, and prints one page for docs/performance.md. Without a GPU it says what is missing.
 */
const LONGEST_MS = 9 * 60_000;
const TILE_BYTES = 2 ** 30;
const NETWORKS = [
  ...["x2-sharp16x0-50", "x2-sharp16x4-50", "x2-clean32x6", "x1.5-sharp16x4-50"],
  ...["x3-sharp16x4-50", "x4-sharp16x4-50"],
];
const CASES: readonly ScreenCase[] = [
  { height: 720, screen: 1080 },
  { height: 1080, screen: 2160 },
  { height: 720, screen: 2160, factors: [3] },
  { height: 540, screen: 2160, factors: [4] },
];

const over = AbortSignal.timeout(LONGEST_MS);
const say = (text = ""): void => console.log(text);

const facts = await readGpuFacts(undefined);
const gpuProviders = PROVIDERS.filter((each) => each !== "cpu");
const here = gpuProviders.filter((each) => missingFor(each, facts) === undefined);
const encoders = await workingEncoders();
const hardware = encoders.filter((each) => !each.startsWith("lib"));

say(`## ${cpus()[0]?.model ?? "unknown processor"}, ${availableParallelism()} cores\n`);
say(describeGpus(facts));
for (const provider of gpuProviders) {
  const missing = missingFor(provider, facts);
  if (missing !== undefined)
    say(`- ${provider}: ${missing.message}${missing.fix === undefined ? "" : `; ${missing.fix}`}`);
}
say(`- encoders that work: ${encoders.join(", ")}`);
const { device, why } = await examineToneMapper({ ffmpeg: "ffmpeg" }, over);
say(`- HDR becomes SDR on the ${device === undefined ? "processor" : "GPU"}: ${why}`);
if (here.length === 0) {
  const why = facts.gpus.length === 0 ? "none was found" : "none can be used";
  say(
    `\nno GPU here: ${why}${hardware.length === 0 ? "" : `, but encoders: ${hardware.join(", ")}`}`,
  );
  process.exit(0);
}
try {
  const proven = await proveAndTime(here);
  await playWhole(proven, hardware[0] ?? "libx264");
} catch (thrown) {
  if (!over.aborted) throw thrown;
  say(`\nNot finished within ${LONGEST_MS / 60_000} minutes.`);
}
// A GPU's threads may keep the process.
process.exit();

function describeGpus({ gpus, nvidiaDriver, vulkanDrivers }: GpuFacts): string {
  const named = gpus.map(({ device, vendor }) => `${vendor} (${device})`).join(", ");
  return [
    `- GPUs: ${named === "" ? "none" : named}`,
    `- NVIDIA driver: ${nvidiaDriver ?? "none"}; Vulkan drivers: ${vulkanDrivers.length}`,
  ].join("\n");
}

async function workingEncoders(): Promise<readonly VideoEncoder[]> {
  const works: VideoEncoder[] = [];
  for (const encoder of VIDEO_ENCODERS) {
    const choice = await chooseEncoder(encoder, { ffmpeg: "ffmpeg" }, over).catch(() => undefined);
    if (choice?.encoder === encoder) works.push(encoder);
  }
  return works;
}

/** Each network on each provider against the processor's picture; gives those providers that passed with one. */
async function proveAndTime(providers: readonly Provider[]): Promise<readonly Provider[]> {
  const models = (await createCatalogue().list()).filter(({ id }) =>
    NETWORKS.some((name) => id === `upreel-${name}-fp32`),
  );
  const tasks = [...providers, "cpu" as const].flatMap((provider) =>
    models.map((model) => ({ rung: rungOn(model, provider, TILE_BYTES) })),
  );
  const passed = new Set<Provider>();
  say("\n| model | on | Mpx/s | likeness to the processor | nodes |");
  say("| --- | --- | ---: | ---: | --- |");
  for await (const { model, provider, measurement } of measureInProcess(tasks, over)) {
    if (measurement.outcome === "refused") {
      say(`| ${model} | ${provider} | refused | | ${measurement.reason.message} |`);
      continue;
    }
    const { megapixelsPerSecond: speed, likenessDb, nodes } = measurement;
    const where = Object.entries(nodes).map(([name, count]) => `${name} ${count}`);
    const likeness = likenessDb === null ? "" : `${likenessDb} dB`;
    say(`| ${model} | ${provider} | ${speed.toFixed(1)} | ${likeness} | ${where.join(", ")} |`);
    const known = providers.find((each) => each === provider);
    if (known !== undefined) passed.add(known);
  }
  return [...passed];
}

/** Whole runs, decoder to encoder. */
async function playWhole(providers: readonly Provider[], best: VideoEncoder): Promise<void> {
  await using folder = await makeTempFolder();
  await using upscaler = createUpscaler({ threads: 4 });
  const models = (await createCatalogue().list()).filter(({ id }) =>
    /sharp16x4-50-fp32$|clean32x6-fp32$/.test(id),
  );
  say(`\n${SCREEN_HEAD}`);
  for (const { height, screen, factors } of CASES) {
    const size = { width: 2 * Math.round((height * 8) / 9), height };
    const film = await makeFilm(join(folder.path, `${height}.mp4`), 8, size);
    for (const encoder of new Set<VideoEncoder>([best, "libx264"])) {
      const wish = { scale: "auto", targetHeight: screen, maxOutputHeight: 8640, factors } as const;
      const plan = await planClip(film, wish, encoder);
      const scale = factorFor(plan.output);
      for (const provider of providers)
        for (const model of models.filter((each) => each.scale === scale)) {
          over.throwIfAborted();
          const rung = rungOn(model, provider, TILE_BYTES);
          const parts = { upscaler, folder: folder.path };
          say(
            await measureScreen(plan, rung, encoder, parts).catch(
              (error: unknown) => `| ${model.id} on ${provider} failed: ${String(error)} |`,
            ),
          );
        }
    }
  }
}
