import { createHash } from "node:crypto";
import { mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { chromaStrips, segmentFrames, type Output, type Source, type Timeline } from "@upreel/core";
import { execa } from "execa";
import { writeColourTables } from "../colours/colours-at.ts";
import { decodeArguments, type DecodeRequest } from "../decoding/decode-arguments.ts";
import { startDecoder } from "../decoding/start-decoder.ts";
import { startFfmpeg } from "../ffmpeg/start-ffmpeg.ts";
import { encodeArguments } from "../encoding/encode-arguments.ts";
import { holdFifo } from "../ffmpeg/hold-fifo.ts";
import { makeFifo } from "../ffmpeg/make-fifo.ts";
import { planOutput } from "../encoding/plan-output.ts";
import { buildTimeline } from "../probing/build-timeline.ts";
import { probeSource, type Probed } from "../probing/probe-source.ts";
import { startEncoder } from "../sound/start-encoder.ts";

/** For tests alone: what the package's parts do together, as the pipeline would use them. */
export interface TestPlan {
  readonly probed: Probed;
  readonly source: Source;
  readonly timeline: Timeline;
  readonly output: Output;
}

export const TOOLS = { ffmpeg: "ffmpeg", ffprobe: "ffprobe" };
const deadline = (): AbortSignal => AbortSignal.timeout(240_000);

export async function probeFile(path: string): Promise<Probed> {
  const { size, mtimeMs } = await stat(path);
  return probeSource({ path, sizeBytes: size, modifiedMs: mtimeMs }, TOOLS, deadline());
}

export async function planFile(path: string, segmentSeconds = 2): Promise<TestPlan> {
  const probed = await probeFile(path);
  const { source } = probed;
  const output = planOutput({
    source,
    scale: 2,
    encoder: "libx264",
    quality: 23,
    maxOutputHeight: 2160,
  });
  return { probed, source, timeline: buildTimeline(probed, segmentSeconds), output };
}

/** Decodes frames of the timeline; returns them one by one. */
export async function decodeFrames(
  plan: TestPlan,
  wanted: Partial<DecodeRequest> & { firstFrame: number; frames: number },
): Promise<{ frames: Buffer[]; stderrTail: string }> {
  const { width, height } = wanted.size ?? {
    width: plan.output.inputWidth,
    height: plan.output.inputHeight,
  };
  const pixelFormat = wanted.pixelFormat ?? "yuv420p";
  const target = `${plan.source.path}.raw`;
  await rm(target, { force: true });
  const request = { ...plan, pixelFormat, target, ...wanted };
  await writeColourTables(plan.source, plan.timeline, plan.output, wanted.toneMapDevice);
  const decoder = startFfmpeg(decodeArguments(request), {
    ffmpeg: TOOLS.ffmpeg,
    name: "decoder",
    signal: deadline(),
  });
  const { stderrTail } = await decoder.exited;
  const raw = await readFile(target);
  const chroma = Math.ceil(width / 2) * Math.ceil(height / 2);
  const { strips } = chromaStrips(wanted.chromaSize?.width ?? width, width);
  const own = width * strips * (wanted.chromaSize?.height ?? height);
  const frameBytes = width * height + 2 * (pixelFormat === "yuv420p" ? chroma : own);
  const frames: Buffer[] = [];
  for (let at = 0; at + frameBytes <= raw.length; at += frameBytes) {
    frames.push(raw.subarray(at, at + frameBytes));
  }
  return { frames, stderrTail };
}

export const hash = (frame: Buffer): string => createHash("sha1").update(frame).digest("hex");

export interface TestRun {
  readonly folder: string;
  readonly fromSegment: number;
  readonly toSegment: number;
  readonly size?: { width: number; height: number };
  /** Changes the encoder's arguments. */
  readonly withEncoder?: (args: readonly string[]) => readonly string[];
}

/** Decodes and encodes segments [fromSegment, toSegment) as a run without a network would. */
export async function runSegments(plan: TestPlan, run: TestRun): Promise<string> {
  await mkdir(run.folder, { recursive: true });
  const fifo = join(run.folder, "frames");
  await makeFifo(fifo);
  await using pictures = await holdFifo(fifo);
  const size = run.size ?? { width: 64, height: 36 };
  const first = segmentFrames(plan.timeline, run.fromSegment).first;
  const end = segmentFrames(plan.timeline, run.toSegment - 1).end;
  const options = { ffmpeg: TOOLS.ffmpeg, signal: deadline() };
  const args = encodeArguments({
    ...plan,
    ...run,
    frames: { pixelFormat: "yuv420p", ...size },
    fifo,
  });
  const { audio } = plan.output;
  const encoder = startEncoder(
    run.withEncoder?.(args) ?? args,
    audio.kind === "aac" ? { ...plan, ...run, audio } : undefined,
    { ...options, name: "encoder" },
  );
  const decoder = await startDecoder(
    {
      ...{ ...plan, firstFrame: first, frames: end - first, size },
      ...{ pixelFormat: "yuv420p", target: fifo },
    },
    { ...options, name: "decoder" },
  );
  let hasEnded = false;
  const encoded = encoder.exited.finally(() => (hasEnded = true));
  await decoder.exited;
  await pictures.end(() => hasEnded);
  const { exitCode, stderrTail } = await encoded;
  await rm(fifo);
  if (exitCode !== 0) throw new Error(stderrTail);
  return stderrTail;
}

/** Entries of ffprobe for one track, a row for each packet or frame. */
export async function readEntries(
  path: string,
  track: string,
  entries: string,
): Promise<string[][]> {
  const { stdout } = await execa("ffprobe", [
    ...["-v", "error", "-select_streams", track, "-show_entries", entries],
    ...["-of", "compact=nk=1:p=0", path],
  ]);
  return stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => line.split("|"));
}

/** The pictures of a segment or film, in the order of the file; times in its own unit, 90 kHz in MPEG-TS. */
export const readPictures = async (
  path: string,
): Promise<{ readonly pts: number; readonly isKey: boolean }[]> =>
  (await readEntries(path, "v", "packet=pts,flags")).map(([pts, flags]) => ({
    pts: Number(pts),
    isKey: flags?.startsWith("K") === true,
  }));

/** Times of its sound packets, in the same unit. */
export const readSoundTimes = async (path: string): Promise<number[]> =>
  (await readEntries(path, "a", "packet=pts")).map(([pts]) => Number(pts));

/** Writes into an mp4 that players turn its picture by 90 degrees clockwise. */
export async function turnMp4(path: string): Promise<void> {
  const bytes = await readFile(path);
  // tkhd: 40 bytes of other fields, then the matrix a b u c d v x y w in 16.16.
  const matrix = bytes.indexOf("tkhd") + 4 + 40;
  for (const [i, value] of [0, 0x10000, 0, -0x10000, 0].entries()) {
    bytes.writeInt32BE(value, matrix + 4 * i);
  }
  await writeFile(path, bytes);
}
