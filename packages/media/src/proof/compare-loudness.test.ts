import type { Timeline } from "@upreel/core";
import { expect, test } from "vitest";
import { silencedSegments } from "./compare-loudness.ts";

/** Ten segments of two seconds, each of twenty blocks. */
const FILM: Timeline = {
  ...{ zeroMicros: 0, rate: { num: 25, den: 1 }, frameCount: 500, framesPerSegment: 50 },
};
const loud = (level: (block: number) => number): Float64Array =>
  Float64Array.from({ length: 200 }, (_, block) => level(block));
const SOUND = loud((block) => 0.01 + 0.001 * (block % 7));

test("what is as loud as its source, or quieter throughout, lacks nothing", () => {
  expect(silencedSegments(FILM, SOUND, SOUND)).toEqual([]);
  expect(
    silencedSegments(
      FILM,
      SOUND,
      SOUND.map((level) => level / 20),
    ),
  ).toEqual([]);
});

test("a segment without its sound is found, also beside much silence", () => {
  const hole = SOUND.map((level, block) => (block >= 60 && block < 80 ? 0 : level));
  expect(silencedSegments(FILM, SOUND, hole)).toEqual([3]);
  const beep = loud((block) => (block === 70 ? 0.01 : 0));
  expect(
    silencedSegments(
      FILM,
      beep,
      loud(() => 0),
    ),
  ).toEqual([3]);
});

test("a film that lost most of its sound lost it", () => {
  const half = SOUND.map((level, block) => (block < 60 ? level : 0));
  expect(silencedSegments(FILM, SOUND, half)).toEqual([3, 4, 5, 6, 7, 8, 9]);
  expect(
    silencedSegments(
      FILM,
      SOUND,
      loud(() => 0),
    ),
  ).toHaveLength(10);
});

test("sound on the border of two segments may fall to either, and silence stays silence", () => {
  const early = loud((block) => (block === 79 ? 0.001 : block === 80 ? 0.01 : 0));
  const late = loud((block) => (block === 80 ? 0.011 : 0));
  expect(silencedSegments(FILM, early, late)).toEqual([]);
  const noise = loud(() => 1e-8);
  expect(
    silencedSegments(
      FILM,
      noise,
      loud(() => 0),
    ),
  ).toEqual([]);
});
