import { readFile } from "node:fs/promises";
import { execa } from "execa";

/** Sound that is nowhere like itself, so that a slip of one sample shows. */
export const CHIRP =
  "aevalsrc='0.4*sin(2*PI*(200*t+40*t*t))+0.2*sin(2*PI*(900+300*sin(t))*t)':s=48000";

/** The samples of a film's sound, mixed to one channel of 48 kHz. */
export async function decodeSound(path: string, track = "0:a:0"): Promise<Float32Array> {
  const raw = `${path}.f32`;
  await execa("ffmpeg", [
    "-v",
    "error",
    "-y",
    "-i",
    path,
    "-map",
    track,
    "-ac",
    "1",
    "-ar",
    "48000",
    "-f",
    "f32le",
    raw,
  ]);
  const bytes = await readFile(raw);
  return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
}

/** Decibels by which `a` is louder than its difference to `b`, in [from, from + length). */
export function likeness(a: Float32Array, b: Float32Array, from: number, length: number): number {
  let signal = 1e-12;
  let error = 1e-12;
  for (let i = from; i < from + length; i += 1) {
    signal += (a[i] ?? 0) ** 2;
    error += ((a[i] ?? 0) - (b[i] ?? 0)) ** 2;
  }
  return 10 * Math.log10(signal / error);
}
