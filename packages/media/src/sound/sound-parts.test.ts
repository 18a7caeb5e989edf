import type { Timeline } from "@upreel/core";
import { expect, test } from "vitest";
import { soundParts } from "./sound-parts.ts";

const RATE = 48_000;
const FILM: Timeline = {
  ...{ zeroMicros: 1_400_000, rate: { num: 25, den: 1 }, frameCount: 500, framesPerSegment: 50 },
};
const JOINED: Timeline = {
  ...FILM,
  pieces: [
    { firstFrame: 0, clockMicros: 1_400_000, fromByte: 0, toByte: 1_000 },
    { firstFrame: 250, clockMicros: 1_400_000, fromByte: 1_000 },
  ],
};

test("a film of one piece is one part, also beyond its ends", () => {
  const span = { from: -16_384, to: 21 * RATE };
  expect(soundParts(FILM, RATE, span)).toMatchObject([
    { ...span, offsetSeconds: -1.4, bytes: undefined },
  ]);
});

test("parts of joined recordings meet at the sample, each on its own clock", () => {
  const parts = soundParts(JOINED, RATE, { from: -100, to: 21 * RATE });
  expect(parts).toMatchObject([
    { from: -100, to: 10 * RATE, offsetSeconds: -1.4, bytes: { from: 0, to: 1_000 } },
    { from: 10 * RATE, to: 21 * RATE, offsetSeconds: 8.6, bytes: { from: 1_000, to: 0 } },
  ]);
});

test("parts that are not wanted are left out", () => {
  expect(soundParts(JOINED, RATE, { from: 0, to: RATE })).toHaveLength(1);
  expect(soundParts(JOINED, RATE, { from: 11 * RATE, to: 12 * RATE })).toMatchObject([
    { from: 11 * RATE, offsetSeconds: 8.6 },
  ]);
});
