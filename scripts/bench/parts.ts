import { execFile } from "node:child_process";
import { open, stat } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { toNumber, type Rung } from "@upreel/core";
import {
  buildTimeline,
  decodeArguments,
  encodeArguments,
  planOutput,
  probeSource,
} from "@upreel/media";
import { createCatalogue, createUpscaler } from "@upreel/upscaler";

const run = promisify(execFile);
const FRAMES = 240;

/** CPU time of each part of the pipeline, each measured alone on the same frames. */
export async function measureParts(clip: string, modelId: string, folder: string) {
  const { size, mtimeMs } = await stat(clip);
  const probed = await probeSource(
    { path: clip, sizeBytes: size, modifiedMs: mtimeMs },
    { ffprobe: "ffprobe", ffmpeg: "ffmpeg" },
    AbortSignal.timeout(10_000),
  );
  const { source } = probed;
  const timeline = buildTimeline(probed, 2);
  const frames = Math.min(FRAMES, timeline.frameCount);
  const output = planOutput({
    source,
    scale: 2,
    encoder: "libx264",
    quality: 20,
    maxOutputHeight: 2160,
  });
  const model = await createCatalogue().find(modelId);
  const { inputWidth: width, inputHeight: height } = output;

  const decoded = join(folder, "decoded.raw");
  const upscaled = join(folder, "upscaled.raw");
  const decode = (target: string): string[] =>
    decodeArguments({
      source,
      timeline,
      output,
      firstFrame: 0,
      frames,
      pixelFormat: model.pixelFormat,
      target,
    });
  await run("ffmpeg", decode(decoded));
  const decodeCpu = await ffmpegCpuSeconds(decode("/dev/null"));

  const inferenceCpu = await inferenceCpuSeconds(
    { model, provider: "cpu" },
    { width, height, frames },
    decoded,
    upscaled,
  );

  const encode = encodeArguments({
    source,
    timeline: { ...timeline, frameCount: frames },
    output,
    fromSegment: 0,
    toSegment: Math.ceil(frames / timeline.framesPerSegment),
    frames: {
      pixelFormat: model.kind === "luma" ? "yuv420p" : model.pixelFormat,
      width: width * model.scale,
      height: height * model.scale,
    },
    fifo: upscaled,
    folder,
  });
  const encodeCpu = await ffmpegCpuSeconds(encode);

  const cpuSecondsPerFrame = (decodeCpu + inferenceCpu + encodeCpu) / frames;
  return {
    description: `${width}×${height} → ${output.width}×${output.height}, ${toNumber(timeline.rate).toFixed(3)} fps`,
    rate: toNumber(timeline.rate),
    decodeMs: (1_000 * decodeCpu) / frames,
    inferenceMs: (1_000 * inferenceCpu) / frames,
    encodeMs: (1_000 * encodeCpu) / frames,
    megapixelsPerSecond: (width * height * frames) / inferenceCpu / 1e6,
    cpuSecondsPerFrame,
  };
}

/** CPU seconds, user and system, of an ffmpeg. */
export async function ffmpegCpuSeconds(args: readonly string[]): Promise<number> {
  const { stderr } = await run("ffmpeg", [
    "-benchmark",
    "-loglevel",
    "info",
    ...args.filter((arg, i) => arg !== "-loglevel" && args[i - 1] !== "-loglevel"),
  ]);
  const match = /utime=([\d.]+)s stime=([\d.]+)s/.exec(stderr);
  return Number(match?.[1]) + Number(match?.[2]);
}

/** CPU seconds of one thread, frames from a file to a file, after a warm-up run. */
export async function inferenceCpuSeconds(
  rung: Rung,
  { width, height, frames }: { width: number; height: number; frames: number },
  from: string,
  to: string,
): Promise<number> {
  await using upscaler = createUpscaler({ threads: 1 });
  await upscaler.load(rung);
  const once = async (count: number): Promise<number> => {
    const input = await open(from, "r");
    const output = await open(to, "w");
    const before = process.cpuUsage();
    await upscaler.process({
      rung,
      width,
      height,
      frames: count,
      inputFd: input.fd,
      outputFd: output.fd,
      onInputEnded: async () => "stop",
    }).done;
    const used = process.cpuUsage(before);
    await input.close();
    await output.close();
    return (used.user + used.system) / 1e6;
  };
  await once(10);
  return await once(frames);
}
