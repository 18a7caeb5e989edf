import { expect, it } from "vitest";
import { commonSound } from "./common-sound.ts";
import { SECONDS_IN_POINT, SECONDS_PER_POINT } from "./points.ts";

/** Points that have nothing in common with those of another seed. */
function noise(seed: number, length: number): number[] {
  let state = seed;
  return Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (Math.imul(state, 0x9e_37_79_b1) ^ (state >>> 15)) >>> 0;
  });
}
const MUSIC = noise(7, 240);
const sound = (...parts: readonly number[][]): Uint32Array => Uint32Array.from(parts.flat());
const at = (point: number): number => point * SECONDS_PER_POINT;

it("begins and ends within a point where both go on", () => {
  const a = sound(noise(1, 100), MUSIC, noise(2, 100));
  const b = sound(noise(3, 30), MUSIC, noise(4, 80));
  const found = commonSound(a, b);
  expect(found?.a.start).toBeCloseTo(at(100) + SECONDS_IN_POINT / 4, 1);
  expect(found?.a.end).toBeCloseTo(at(339) + SECONDS_IN_POINT / 2, 1);
  expect(found?.b.start).toBeCloseTo(at(30) + SECONDS_IN_POINT / 4, 1);
});

it("lasts to the very end of the film where one of the two ends with it", () => {
  const ends = sound(noise(1, 100), MUSIC);
  const goesOn = sound(noise(3, 30), MUSIC, noise(4, 80));
  const found = commonSound(ends, goesOn);
  expect(found?.a.end).toBeCloseTo(at(339) + SECONDS_IN_POINT, 5);
  expect(found?.b.end).toBeCloseTo(at(269) + SECONDS_IN_POINT, 5);
});

it("begins with the film where one of the two does", () => {
  const begins = sound(MUSIC, noise(2, 100));
  const later = sound(noise(3, 30), MUSIC, noise(4, 80));
  const found = commonSound(begins, later);
  expect(found?.a.start).toBe(0);
  expect(found?.b.start).toBeCloseTo(at(30), 5);
});

it("is none where nothing is alike for fifteen seconds", () => {
  const short = MUSIC.slice(0, 90);
  expect(commonSound(sound(noise(1, 200), short), sound(short, noise(2, 200)))).toBeUndefined();
});
