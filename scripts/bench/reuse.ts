import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, readFile, readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { Rung } from "@upreel/core";
import { makeTempFolder } from "@upreel/testkit";
import { createCatalogue, createUpscaler, type Upscaler } from "@upreel/upscaler";
import { decodeToFile, planClip, runFfmpeg } from "./decode-clip.ts";

/** As much of a clip as is looked at. */
const MOST_FRAMES = 240;
const MOST_BYTES = 200e6;
/** Turns of each way, beside the first. */
const ROUNDS = 6;
/** Tiles that are counted, as large as codecs' largest blocks. */
const TILE = 64;

interface ReuseFigures {
  readonly clip: string;
  readonly size: string;
  readonly frames: number;
  /** Shares, 0 to 1: equal 64×64 tiles, and inference by area. */
  readonly equalTiles: number;
  readonly saved: number;
  /** CPU milliseconds a frame of one inference thread, pipes included. */
  readonly inferAllMs: number;
  readonly reuseMs: number;
  readonly isBitEqual: boolean;
}

const listClips = async (folder: string): Promise<string[]> =>
  (await readdir(folder, { withFileTypes: true }))
    .filter((entry) => entry.isFile() && !entry.name.endsWith(".md"))
    .map((entry) => join(folder, entry.name))
    .sort();

/** Prints a table of the clips in `folder` whose name holds `pattern`. */
export async function benchReuse(folder: string, pattern: string, modelId: string): Promise<void> {
  await using temp = await makeTempFolder();
  await using upscaler = createUpscaler({ threads: 1 });
  const rung = { model: await createCatalogue().find(modelId), provider: "cpu" };
  await upscaler.load(rung);
  console.log(`${modelId}, one thread, CPU time of inference and pipes\n`);
  console.log("| clip | size | equal 64×64 tiles | saved | all, ms | reuse, ms | × | same bits |");
  console.log("| --- | --- | ---: | ---: | ---: | ---: | ---: | --- |");
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  for (const clip of await listClips(folder)) {
    if (!basename(clip).includes(pattern)) continue;
    const figures = await measureReuse(clip, rung, upscaler, temp.path).catch((error: unknown) => {
      console.log(`| ${basename(clip)} | ${error instanceof Error ? error.message : "failed"} |`);
    });
    if (figures === undefined) continue;
    const { size, equalTiles, saved, inferAllMs, reuseMs, isBitEqual } = figures;
    const cells = [
      ...[figures.clip, size, percent(equalTiles), percent(saved), inferAllMs.toFixed(2)],
      ...[reuseMs.toFixed(2), (inferAllMs / reuseMs).toFixed(2), isBitEqual ? "yes" : "NO"],
    ];
    console.log(`| ${cells.join(" | ")} |`);
  }
}

/** One clip with and without reuse, turn about, after one of each: the fastest counts. */
async function measureReuse(
  clip: string,
  rung: Rung,
  upscaler: Upscaler,
  folder: string,
): Promise<ReuseFigures> {
  const plan = await planClip(clip);
  const { inputWidth: width, inputHeight: height } = plan.output;
  const most = Math.min(MOST_FRAMES, Math.floor(MOST_BYTES / (3 * width * height)));
  const frames = Math.min(most, plan.timeline.frameCount);
  const decoded = join(folder, "decoded.raw");
  await runFfmpeg(decodeToFile(plan, frames, decoded));

  const once = async (inferAll: boolean, target: string) => {
    await using input = await open(decoded);
    await using output = await open(target, "w");
    const fds = { inputFd: input.fd, outputFd: output.fd };
    const before = process.cpuUsage();
    const job = upscaler.process({
      ...{ rung, width, height, frames, inferAll, ...fds },
      onInputEnded: () => Promise.resolve("finish"),
    });
    const result = await job.done;
    const { user, system } = process.cpuUsage(before);
    return {
      ms: (user + system) / 1_000 / result.frames,
      saved: job.saved() / result.frames,
      frames: result.frames,
    };
  };
  const upscaled = join(folder, "upscaled.raw");
  const whole = await once(true, upscaled);
  const wholeHash = await hashOf(upscaled);
  const reused = await once(false, upscaled);
  const isBitEqual = (await hashOf(upscaled)) === wholeHash;
  const [inferAllMs, reuseMs] = [[whole.ms], [reused.ms]];
  for (let round = 0; round < ROUNDS; round++) {
    // Each is first as often as the other: what is slow for a while hits both.
    for (const inferAll of round % 2 === 0 ? [true, false] : [false, true]) {
      (inferAll ? inferAllMs : reuseMs).push((await once(inferAll, "/dev/null")).ms);
    }
  }
  return {
    clip: basename(clip),
    size: `${width}×${height}`,
    frames: reused.frames,
    equalTiles: await shareOfEqualTiles(decoded, width, height, reused.frames),
    saved: reused.saved,
    inferAllMs: Math.min(...inferAllMs),
    reuseMs: Math.min(...reuseMs),
    isBitEqual,
  };
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash("sha1");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}

/** Share of 64×64 luma tiles that are equal to those of the frame before. */
async function shareOfEqualTiles(
  file: string,
  width: number,
  height: number,
  frames: number,
): Promise<number> {
  const bytes = await readFile(file);
  const plane = (n: number): Buffer => bytes.subarray(3 * n * width * height);
  let [equal, all] = [0, 0];
  for (let n = 1; n < frames; n++) {
    for (let top = 0; top < height; top += TILE) {
      for (let left = 0; left < width; left += TILE) {
        all++;
        const isEqual = rowsOf(top, height).every((y) => {
          const [from, to] = [y * width + left, y * width + Math.min(width, left + TILE)];
          return plane(n).compare(plane(n - 1), from, to, from, to) === 0;
        });
        if (isEqual) equal++;
      }
    }
  }
  return all === 0 ? 0 : equal / all;
}

const rowsOf = (top: number, height: number): number[] =>
  Array.from({ length: Math.min(TILE, height - top) }, (_, i) => top + i);
