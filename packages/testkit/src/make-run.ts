import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { PTS_OFFSET_FRAMES, formatRational, frameSeconds, type Timeline } from "@upreel/core";
import { runFfmpeg, startFfmpeg, type StartedFfmpeg } from "./run-ffmpeg.ts";

export interface MadeRun {
  readonly timeline: Timeline;
  /** Default 0. */
  readonly fromSegment?: number;
  /** Frames to encode; default: to the end of the timeline. */
  readonly frames?: number;
  readonly audio?: boolean;
  /** Frames added to every timestamp, to get it wrong. */
  readonly shiftFrames?: number;
  readonly size?: string;
  readonly codec?: "libx264" | "libx265";
  /** More encoder options. */
  readonly encoderArgs?: readonly string[];
  /** More options of the MPEG-TS muxer: `key=value`. */
  readonly muxerOptions?: readonly string[];
  /** No faster than the film plays. */
  readonly isPaced?: boolean;
}

/**
 * Writes into `folder` what a worker's encoder would: `000123.ts` segments on the timeline's grid, by
 * the tee muxer.
 */
export async function makeRun(folder: string, run: MadeRun): Promise<void> {
  await mkdir(folder, { recursive: true });
  await runFfmpeg(runArguments(folder, run));
}

/** As `makeRun`, but returns at once, for tests that end it in their own way. */
export async function startRun(folder: string, run: MadeRun): Promise<StartedFfmpeg> {
  await mkdir(folder, { recursive: true });
  return startFfmpeg(runArguments(folder, run));
}

function runArguments(folder: string, run: MadeRun): string[] {
  const { timeline, fromSegment = 0, audio = true, shiftFrames = 0, size = "160x90" } = run;
  const n = timeline.framesPerSegment;
  const rate = formatRational(timeline.rate);
  const frames = run.frames ?? timeline.frameCount - fromSegment * n;
  const seconds = frameSeconds(timeline, frames);
  const offset = PTS_OFFSET_FRAMES + fromSegment * n + shiftFrames;
  const offsetSeconds = frameSeconds(timeline, offset);
  const muxer = [
    ...["mpegts_flags=+initial_discontinuity", "mpegts_copyts=1"],
    ...(run.muxerOptions ?? []),
  ].join(":");
  const hls = [
    ...["f=hls", `hls_time=${(frameSeconds(timeline, n) / 4).toFixed(6)}`, "hls_list_size=0"],
    ...["hls_flags=+temp_file", `start_number=${fromSegment}`],
    `hls_segment_options=${muxer.replaceAll(":", "\\\\:")}`,
    `hls_segment_filename=${folder}/%06d.ts`,
  ].join(":");
  return [
    ...(run.isPaced === true ? ["-re"] : []),
    ...["-f", "lavfi", "-i", `testsrc2=s=${size}:r=${rate}:d=${seconds + 1}`],
    ...(audio ? ["-f", "lavfi", "-i", `sine=sample_rate=48000:duration=${seconds}`] : []),
    ...["-vf", `setpts=N+${offset}`, "-fps_mode", "passthrough", "-frames:v", String(frames)],
    ...(audio ? ["-af", `asetpts=PTS+${offsetSeconds}/TB`, "-c:a", "aac", "-map", "1:a"] : []),
    ...["-map", "0:v", "-c:v", run.codec ?? "libx264", "-preset", "ultrafast"],
    ...(run.codec === "libx265"
      ? ["-x265-params", `log-level=error:open-gop=0:keyint=${n}:scenecut=0`]
      : []),
    ...["-g", String(n), "-force_key_frames", `expr:not(mod(n,${n}))`, "-sc_threshold", "0"],
    ...(run.encoderArgs ?? []),
    "-copyts",
    ...["-f", "tee", `[${hls}]${join(folder, "run.m3u8")}`],
  ];
}
