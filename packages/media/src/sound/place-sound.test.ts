import { expect, test } from "vitest";
import { placeSound, type SoundBlock } from "./place-sound.ts";

const RATE = 48_000;
const BLOCK = 1024;

/** Blocks of which each sample is its number in the source; `at` says where each begins. */
async function* blocks(
  starts: readonly (number | undefined)[],
  lengths = BLOCK,
): AsyncGenerator<SoundBlock> {
  for (const [i, at] of starts.entries()) {
    const samples = Buffer.alloc(4 * lengths);
    for (let n = 0; n < lengths; n += 1) samples.writeInt32LE(i * lengths + n + 1, 4 * n);
    yield { at, samples };
  }
}

async function place(
  starts: readonly (number | undefined)[],
  from: number,
  to: number,
): Promise<number[]> {
  const parts: Buffer[] = [];
  const span = { from, to, sampleRate: RATE, sampleBytes: 4 };
  for await (const part of placeSound(blocks(starts), span)) parts.push(part);
  const all = Buffer.concat(parts);
  return Array.from({ length: all.length / 4 }, (_, i) => all.readInt32LE(4 * i));
}

const grid = (count: number, first = 0): number[] =>
  Array.from({ length: count }, (_, i) => first + i * BLOCK);

test("sound without a hole is given as it is, exactly the samples that are wanted", async () => {
  const made = await place(grid(100), 5_000, 60_000);
  expect(made.length).toBe(55_000);
  expect(made[0]).toBe(5_001);
  expect(made.at(-1)).toBe(60_000);
});

test("before, behind and without any sound there is silence", async () => {
  const made = await place(grid(10, 2_000), 0, 20_000);
  expect(made.slice(0, 2_000).every((value) => value === 0)).toBe(true);
  expect(made[2_000]).toBe(1);
  expect(made[2_000 + 10 * BLOCK]).toBe(0);
  expect(made.length).toBe(20_000);
  expect(await place([], 0, 40_000)).toEqual(Array.from({ length: 40_000 }, () => 0));
});

test("each lost packet leaves its own silence, so that they never add up", async () => {
  const starts = grid(400).filter((_, i) => i % 40 !== 7);
  const made = await place(starts, 0, 400 * BLOCK);
  for (const [i, at] of starts.entries()) expect(made[at], `block ${i}`).toBe(i * BLOCK + 1);
  expect(made.filter((value) => value === 0).length).toBe(10 * BLOCK);
});

test("timestamps that are rounded or that jitter move no sound", async () => {
  const rounded = grid(200).map((at) => Math.round(Math.round(at / 48) * 48));
  const exact = await place(grid(200), 0, 200 * BLOCK);
  const made = await place(rounded, 0, 200 * BLOCK);
  expect(made.filter((value) => value === 0).length).toBeLessThanOrEqual(24);
  const jittering = grid(200).map((at, i) => at + (i % 5 === 3 ? 2_500 : 0));
  expect(await place(jittering, 0, 200 * BLOCK)).toEqual(exact);
});

test("a run that begins in the middle has every sample where one from the start has it", async () => {
  const starts = grid(300).map((at) => Math.round(at / 48) * 48);
  const whole = await place(starts, 0, 300 * BLOCK);
  const offset = 100;
  const late = await place(starts.slice(offset), 110 * BLOCK, 300 * BLOCK);
  const shift = late.indexOf(1 + 20 * BLOCK) + 110 * BLOCK - whole.indexOf(1 + 120 * BLOCK);
  expect(Math.abs(shift)).toBeLessThanOrEqual(4);
});

test("of sound that overlaps the first is kept, and the rest is in its place", async () => {
  const starts = [...grid(50), ...grid(50, 48 * BLOCK)];
  const made = await place(starts, 0, 90 * BLOCK);
  expect(made[50 * BLOCK - 1]).toBe(50 * BLOCK);
  expect(made[50 * BLOCK]).toBe(52 * BLOCK + 1);
  expect(made[60 * BLOCK]).toBe(62 * BLOCK + 1);
});

test("where times go back, sound is laid by the first times that are known again", async () => {
  const starts = [...grid(50), undefined, undefined, ...grid(48, 50 * BLOCK)];
  const made = await place(starts, 0, 90 * BLOCK);
  expect(made[50 * BLOCK]).toBe(52 * BLOCK + 1);
  expect(made[60 * BLOCK]).toBe(62 * BLOCK + 1);
  // The last block of the recording before, then the piece that begins.
  const joined = [3 * BLOCK, undefined, undefined, ...grid(60, 2 * BLOCK)];
  const piece = await place(joined, 0, 50 * BLOCK);
  expect(piece[0]).toBe(BLOCK + 1);
  expect(piece[2 * BLOCK]).toBe(3 * BLOCK + 1);
});

test("an hour of silence is given in small pieces", async () => {
  const span = { from: 0, to: 3_600 * RATE, sampleRate: RATE, sampleBytes: 8 };
  let bytes = 0;
  for await (const part of placeSound(blocks([]), span)) {
    expect(part.length).toBeLessThanOrEqual(64 * 1024);
    bytes += part.length;
  }
  expect(bytes).toBe(3_600 * RATE * 8);
});
