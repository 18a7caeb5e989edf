import { createReadStream } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { execa } from "execa";
import { makeFifo } from "../ffmpeg/make-fifo.ts";
import { startDecoder } from "../decoding/start-decoder.ts";
import { planFile, TOOLS, type TestPlan } from "./test-run.ts";

/** Pictures are numbered from 0 to this, and again. */
export const STEPS = 100;

/** One recording. */
export interface Part {
  /** Of the first picture. */
  readonly number: number;
  readonly seconds: number;
  readonly rate?: number | string;
  readonly size?: string;
  /** Output options, before the file. */
  readonly args?: readonly string[];
  readonly filter?: string;
  readonly codec?: string;
}

/** A part of a film whose pictures are numbered by their brightness, with sound. */
export async function makePart(path: string, part: Part): Promise<string> {
  const { number, seconds, rate = 25, size = "64x36", filter = "null", codec = "libx264" } = part;
  const picture = `nullsrc=s=${size}:r=${rate}:d=${seconds},geq=lum='16+2*mod(N+${number},${STEPS})':cb=128:cr=128`;
  await execa("ffmpeg", [
    ...[
      "-v",
      "error",
      "-y",
      "-f",
      "lavfi",
      "-i",
      picture,
      "-f",
      "lavfi",
      "-i",
      `sine=d=${seconds}:r=48000`,
    ],
    ...["-vf", `${filter},format=yuv420p`, "-c:v", codec],
    ...(codec === "libx264" ? ["-preset", "ultrafast", "-crf", "4", "-g", "25", "-bf", "2"] : []),
    ...["-c:a", codec === "libx264" ? "aac" : "mp2", ...(part.args ?? []), path],
  ]);
  return path;
}

/** A film of several recordings, one behind the other in one file. */
export async function joinParts(
  folder: string,
  name: string,
  parts: readonly Part[],
): Promise<TestPlan> {
  const bytes: Buffer[] = [];
  for (const [n, part] of parts.entries()) {
    const path = await makePart(join(folder, `part-${n}-${name}`), part);
    bytes.push(await readFile(path));
    await rm(path);
  }
  const path = join(folder, name);
  await writeFile(path, Buffer.concat(bytes));
  return planFile(path, 1);
}

/** A recording whose clock is so much later. */
export const offset = (seconds: number): string[] => ["-output_ts_offset", String(seconds)];

/** The numbers that the pictures of a file are marked with, in order. */
export async function numbersIn(path: string): Promise<number[]> {
  const raw = `${path}.raw`;
  await execa("ffmpeg", [
    ...["-v", "error", "-y", "-copyts", "-i", path],
    ...["-vf", "crop=8:8:28:14,scale=1:1:flags=area,format=yuv444p"],
    ...["-fps_mode", "passthrough", "-f", "rawvideo", raw],
  ]);
  const planes = [...(await readFile(raw))];
  return planes.filter((_, i) => i % 3 === 0).map((luma) => Math.round((luma - 16) / 2));
}

const SIZE = { width: 64, height: 36 };

/** The numbers of the pictures that a run over these frames of the film hands on. */
export async function numbersShown(
  plan: TestPlan,
  firstFrame: number,
  frames: number,
): Promise<number[]> {
  const target = `${plan.source.path}.fifo`;
  await makeFifo(target);
  const decoder = await startDecoder(
    { ...plan, firstFrame, frames, pixelFormat: "yuv420p", size: SIZE, target },
    { ffmpeg: TOOLS.ffmpeg, name: "decoder" },
  );
  const bytes = await buffer(createReadStream(target));
  const { exitCode, stderrTail } = await decoder.exited;
  if (exitCode !== 0) throw new Error(stderrTail);
  await rm(target);
  const luma = SIZE.width * SIZE.height;
  const frameBytes = luma * 1.5;
  return Array.from({ length: bytes.length / frameBytes }, (_, n) => {
    // The middle, where there are no bars.
    const row = n * frameBytes + (SIZE.height / 2) * SIZE.width + SIZE.width / 2 - 4;
    const sum = bytes.subarray(row, row + 8).reduce((total, value) => total + value, 0);
    return Math.round((sum / 8 - 16) / 2);
  });
}
