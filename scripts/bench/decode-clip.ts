import { execFile } from "node:child_process";
import { stat } from "node:fs/promises";
import { promisify } from "node:util";
import type { VideoEncoder } from "@upreel/core";
import {
  buildTimeline,
  decodeArguments,
  planOutput,
  probeSource,
  type OutputRequest,
} from "@upreel/media";

const run = promisify(execFile);

type SizeWish = Pick<OutputRequest, "scale" | "targetHeight" | "maxOutputHeight" | "factors">;

const DOUBLED: SizeWish = { scale: 2, maxOutputHeight: 2160 };

/** What a run would make of a film: its source, timeline and output; at twice the size where nothing else is said. */
export async function planClip(
  clip: string,
  wish: SizeWish = DOUBLED,
  encoder: VideoEncoder = "libx264",
) {
  const { size, mtimeMs } = await stat(clip);
  const file = { path: clip, sizeBytes: size, modifiedMs: mtimeMs };
  const probed = await probeSource(
    file,
    { ffprobe: "ffprobe", ffmpeg: "ffmpeg" },
    AbortSignal.timeout(10_000),
  );
  const { source } = probed;
  const output = planOutput({ source, ...wish, encoder, quality: 20 });
  return { source, output, timeline: buildTimeline(probed, 2) };
}
export type ClipPlan = Awaited<ReturnType<typeof planClip>>;

/** ffmpeg arguments that write the first frames as the network gets them, planes of YUV 4:4:4. */
export const decodeToFile = (plan: ClipPlan, frames: number, target: string): string[] =>
  decodeArguments({ ...plan, firstFrame: 0, frames, pixelFormat: "yuv444p", target });

export const runFfmpeg = (args: readonly string[]) => run("ffmpeg", args);
