import { availableParallelism, cpus } from "node:os";
import { join } from "node:path";
import type { Rung } from "@upreel/core";
import { encodeArguments } from "@upreel/media";
import { makeTempFolder } from "@upreel/testkit";
import { createCatalogue, createUpscaler, threadsFor, type Upscaler } from "@upreel/upscaler";
import { decodeToFile, planClip, runFfmpeg, type ClipPlan } from "./decode-clip.ts";
import { FILM_SIZES, makeFilm, type FilmSize } from "./film.ts";
import { ffmpegCpuSeconds, inferenceCpuSeconds } from "./parts.ts";
import { measureWhole } from "./whole-pipeline.ts";

const RATE = 24;
const SEGMENT_SECONDS = 2;
const FILM_SECONDS = 10;
/** About so long each whole run may take, and each network alone. */
const WHOLE_SECONDS = 3.5;
const ALONE_SECONDS = 1.2;
/** Everything is measured so often, and the fastest counts: what other work takes of a machine only slows down. */
const TURNS = 3;
/** But for networks that take longer for a picture: a software GPU takes minutes for a turn. */
const SLOW_SECONDS = 1;

interface TableOptions {
  readonly providers: readonly string[];
  /** Part of the ids of the networks wanted. */
  readonly pattern: string;
  /** Of the films. */
  readonly heights: readonly number[];
  /** A real film, scaled to each size; without it the test film. */
  readonly clip: string | undefined;
}

/**
 * Every built-in network on every provider asked for, at four film sizes: alone and in the whole
 * pipeline, with the share of the ideal, which is all cores busy with decoding, inference and encoding
 * and nothing else.
 */
export async function benchTable({
  providers,
  pattern,
  heights,
  clip,
}: TableOptions): Promise<void> {
  const cores = availableParallelism();
  await using folder = await makeTempFolder();
  await using upscaler = createUpscaler({ threads: threadsFor(cores) });
  const models = (await createCatalogue().list()).filter(
    ({ id, kind }) => kind === "luma" && id.includes(pattern),
  );
  console.log(`${cores} cores of ${cpus()[0]?.model}, ${RATE} fps\n`);
  const heads = "network,provider,film,alone: Mpx/s a core,whole: fps,× real time,share of ideal";
  console.log(`| ${[...heads.split(","), "CPU of parts ÷ of whole", "saved"].join(" | ")} |`);
  console.log("| --- | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |");
  for (const size of FILM_SIZES.filter(({ height }) => heights.includes(height))) {
    const film = await measureFilm(folder.path, size, clip);
    for (const provider of providers) {
      for (const model of models) {
        const rung = { model, provider };
        const row = await measureCell(film, rung, cores, upscaler, folder.path).catch(
          (error: unknown) => [error instanceof Error ? error.message : "failed"],
        );
        console.log(`| ${[model.id, provider, `${size.height}p`, ...row].join(" | ")} |`);
      }
    }
  }
}

interface Film {
  readonly plan: ClipPlan;
  /** Its frames as the network gets them. */
  readonly decoded: string;
  readonly frames: number;
  /** CPU seconds of a frame. */
  readonly decodeCpu: number;
  readonly encodeCpu: number;
}

/** Decoding and encoding are the same for all networks. */
async function measureFilm(
  folder: string,
  size: FilmSize,
  clip: string | undefined,
): Promise<Film> {
  const plan = await planClip(await makeFilm(join(folder, "film.mp4"), FILM_SECONDS, size, clip));
  const frames = 2 * plan.timeline.framesPerSegment;
  const decoded = join(folder, "decoded.raw");
  const upscaled = join(folder, "upscaled.raw");
  const { source, output } = plan;
  const [width, height] = [2 * output.inputWidth, 2 * output.inputHeight];
  await runFfmpeg(decodeToFile(plan, frames, decoded));
  await runFfmpeg([
    ...["-v", "error", "-y", "-i", source.path, "-frames:v", String(frames)],
    ...["-vf", `scale=${width}:${height}:flags=lanczos`, "-pix_fmt", "yuv420p"],
    ...["-f", "rawvideo", upscaled],
  ]);
  const decode = decodeToFile(plan, frames, "/dev/null");
  const encode = encodeArguments({
    ...{ source, output, folder, fifo: upscaled },
    ...{ timeline: { ...plan.timeline, frameCount: frames }, fromSegment: 0, toSegment: 2 },
    frames: { pixelFormat: "yuv420p", width, height },
  });
  return {
    ...{ plan, decoded, frames },
    decodeCpu: (await leastOf(() => ffmpegCpuSeconds(decode))) / frames,
    encodeCpu: (await leastOf(() => ffmpegCpuSeconds(encode))) / frames,
  };
}

async function measureCell(
  film: Film,
  rung: Rung,
  cores: number,
  upscaler: Upscaler,
  folder: string,
): Promise<string[]> {
  const { plan, decoded } = film;
  const { inputWidth: width, inputHeight: height } = plan.output;
  const alone = (frames: number): Promise<number> =>
    inferenceCpuSeconds(rung, { width, height, frames }, decoded, "/dev/null");
  const few = (await alone(4)) / 4;
  const frames = Math.max(4, Math.min(film.frames, Math.round(ALONE_SECONDS / few)));
  const turns = few > SLOW_SECONDS ? 1 : TURNS;
  const inferCpu = (await leastOf(() => alone(frames), turns)) / frames;

  const partsCpu = film.decodeCpu + inferCpu + film.encodeCpu;
  const idealFps = cores / partsCpu;
  const most = FILM_SECONDS / SEGMENT_SECONDS;
  const wished = (WHOLE_SECONDS * idealFps) / plan.timeline.framesPerSegment;
  const segments = Math.max(1, Math.min(most, Math.round(wished)));
  await upscaler.load(rung);
  let whole = await measureWhole(plan, rung, segments, upscaler, folder);
  for (let turn = 1; turn < turns; turn++) {
    const again = await measureWhole(plan, rung, segments, upscaler, folder);
    if (again.fps > whole.fps) whole = again;
  }
  const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;
  return [
    ((width * height) / inferCpu / 1e6).toFixed(1),
    whole.fps.toFixed(1),
    (whole.fps / RATE).toFixed(2),
    percent(whole.fps / idealFps),
    percent((1_000 * partsCpu) / (whole.decodeMs + whole.networkMs + whole.encodeMs)),
    percent(whole.saved),
  ];
}

async function leastOf(measure: () => Promise<number>, turns = TURNS): Promise<number> {
  let least = await measure();
  for (let turn = 1; turn < turns; turn++) least = Math.min(least, await measure());
  return least;
}
