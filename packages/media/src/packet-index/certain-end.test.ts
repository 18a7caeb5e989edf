import { expect, test } from "vitest";
import { findPieces } from "./clock-pieces.ts";
import { every, trackOf } from "./testing/packets.ts";
import { certainEnd } from "./certain-end.ts";

const RULES = { closesHoles: true, hasOwnClock: true };
const end = (video: readonly number[], sound: readonly number[]): number => {
  const tracks = [
    trackOf("video", [{ ms: video, fromByte: 0 }]),
    trackOf("audio", [{ ms: sound, fromByte: 50 }]),
  ] as const;
  return certainEnd(findPieces(tracks[0], [tracks[1]], RULES), 0, [1]) / 1e6;
};

test("a film is certain up to a second before the track that is behind", () => {
  expect(end(every(40, 0, 10_000), every(20, 0, 10_000))).toBeCloseTo(9, 1);
  expect(end(every(40, 0, 10_000), every(20, 0, 8_000))).toBeCloseTo(7, 1);
  expect(end(every(40, 0, 8_000), every(20, 0, 10_000))).toBeCloseTo(7, 1);
});

test("pictures that may come in another order are waited for, and sound that is silent for long is not", () => {
  expect(end(every(500, 0, 30_000), every(20, 0, 30_000))).toBeLessThan(22.1);
  expect(end(every(40, 0, 20_000), every(20, 0, 3_000))).toBeCloseTo(19, 1);
});

test("where the clock has just jumped, its sound is waited for", () => {
  const jumped = [...every(40, 50_000, 60_000), ...every(40, 0, 2_000)];
  expect(end(jumped, every(20, 50_000, 60_000))).toBeLessThan(0);
});
