import { execFile } from "node:child_process";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Samples a second, of one channel, -1 to 1. */
export const RATE = 22_050;
export const samples = (seconds: number): number => Math.round(seconds * RATE);

/** Numbers that are the same each time, 0 to 1. */
export type Chance = () => number;
export function chanceOf(seed: number): Chance {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const SHORTEST_SECONDS = 2;

/** The sound of all clips in a folder that have any. */
export async function readSounds(folder: string): Promise<readonly Float32Array[]> {
  const sounds: Float32Array[] = [];
  for (const name of (await readdir(folder)).sort()) {
    const { stdout } = await run(
      "ffmpeg",
      [
        ...["-v", "quiet", "-t", "60", "-i", join(folder, name), "-map", "0:a:0", "-ac", "1"],
        ...["-ar", String(RATE), "-f", "f32le", "-"],
      ],
      { encoding: "buffer", maxBuffer: 2 ** 28 },
    ).catch(() => ({ stdout: Buffer.alloc(0) }));
    const sound = new Float32Array(stdout.buffer.slice(0, stdout.length & ~3));
    if (sound.length > samples(SHORTEST_SECONDS)) sounds.push(sound);
  }
  if (sounds.length === 0) throw new Error(`no clip in ${folder} has sound`);
  return sounds;
}

const FADE = samples(0.05);

/** Adds a piece of a sound, at another speed and so at another pitch, with soft ends. */
export function addPiece(
  target: Float32Array,
  { at, length }: { readonly at: number; readonly length: number },
  sound: Float32Array,
  { from, speed, gain }: { readonly from: number; readonly speed: number; readonly gain: number },
): void {
  const end = Math.min(length, target.length - at);
  for (let n = 0; n < end; n++) {
    const soft = Math.min(1, n / FADE, (end - n) / FADE);
    const source = sound[Math.floor(from + n * speed) % sound.length] as number;
    target[at + n] = (target[at + n] as number) + gain * soft * source;
  }
}

/** Talk and noises from `from` on: pieces of all sounds, one after the other, in two layers. Never twice the same. */
export function addScenes(
  target: Float32Array,
  { from, to, gain }: { readonly from: number; readonly to: number; readonly gain: number },
  sounds: readonly Float32Array[],
  chance: Chance,
): void {
  for (let layer = 0; layer < 2; layer++) {
    for (let at = from; at < to;) {
      const length = Math.min(samples(1.5 + 5 * chance()), to - at);
      const sound = sounds[Math.floor(chance() * sounds.length)] as Float32Array;
      const how = { from: chance() * sound.length, speed: 0.75 + 0.6 * chance() };
      addPiece(target, { at, length }, sound, { ...how, gain: gain * (0.3 + 0.7 * chance()) });
      at += length;
    }
  }
}

/** Music of its own for each seed: chords that change twice a second, a tune over them, and pieces of real sounds on the beat. */
export function makeMusic(
  seconds: number,
  seed: number,
  sounds: readonly Float32Array[],
): Float32Array {
  const chance = chanceOf(seed);
  const music = new Float32Array(samples(seconds));
  const beat = samples(0.48);
  for (let at = 0; at < music.length; at += beat) {
    const root = 110 * 2 ** (Math.floor(12 * chance()) / 12);
    const tones = [root, root * 1.26, root * 1.5, root * 2 ** (1 + Math.floor(7 * chance()) / 12)];
    for (let n = 0; n < Math.min(beat, music.length - at); n++) {
      const decay = Math.exp((-2 * n) / beat);
      let value = 0;
      for (const tone of tones) {
        const phase = (2 * Math.PI * tone * n) / RATE;
        value += Math.sin(phase) + 0.4 * Math.sin(2 * phase) + 0.2 * Math.sin(3 * phase);
      }
      music[at + n] = 0.06 * decay * value;
    }
    const sound = sounds[Math.floor(chance() * sounds.length)] as Float32Array;
    const how = { from: chance() * sound.length, speed: 0.8 + 0.5 * chance(), gain: 0.25 };
    addPiece(music, { at, length: beat }, sound, how);
  }
  return music;
}
