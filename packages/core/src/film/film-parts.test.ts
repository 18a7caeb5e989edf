import { describe, expect, it } from "vitest";
import { filmPartAt, filmParts, filmPartsWithin, filmSeconds } from "./film-parts.ts";
import type { Timeline } from "./timeline.ts";

const plain: Timeline = {
  ...{ zeroMicros: 1_400_000, rate: { num: 25, den: 1 }, frameCount: 500, framesPerSegment: 50 },
};
/** Two recordings in one file: both clocks begin at 1.4 s. */
const joined: Timeline = {
  ...plain,
  pieces: [
    { firstFrame: 0, clockMicros: 1_400_000, fromByte: 0, toByte: 1_000 },
    { firstFrame: 250, clockMicros: 1_400_000, fromByte: 1_000 },
  ],
};
/** Half a minute in which there is nothing is closed. */
const holed: Timeline = {
  ...{ ...plain, zeroMicros: 0 },
  pieces: [
    { firstFrame: 0, clockMicros: 0 },
    { firstFrame: 250, clockMicros: 40_000_000 },
  ],
};

describe("the parts of a film", () => {
  it("are one where the clock goes on", () => {
    expect(filmParts(plain)).toEqual([
      {
        ...{ startSeconds: 0, endSeconds: 20, offsetSeconds: -1.4, clockStartSeconds: 1.4 },
        bytes: undefined,
      },
    ]);
  });

  it("have a clock and bytes of their own where recordings were joined", () => {
    expect(filmParts(joined)).toEqual([
      {
        ...{ startSeconds: 0, endSeconds: 10, offsetSeconds: -1.4, clockStartSeconds: 1.4 },
        bytes: { from: 0, to: 1_000 },
      },
      {
        ...{ startSeconds: 10, endSeconds: 20, offsetSeconds: 8.6, clockStartSeconds: 1.4 },
        bytes: { from: 1_000, to: 0 },
      },
    ]);
  });

  it("share the clock of the file where a hole is closed", () => {
    const clocks = filmParts(holed).map((part) => [part.offsetSeconds, part.clockStartSeconds]);
    expect(clocks).toEqual([
      [0, 0],
      [-30, 0],
    ]);
  });

  it("are found by moments of the film", () => {
    const starts = (from: number, to: number) =>
      filmPartsWithin(joined, from, to).map(({ startSeconds }) => startSeconds);
    expect([starts(0, 10), starts(9.9, 10.1), starts(10, 99), starts(30, 99)]).toEqual([
      ...[[0], [0, 10], [10], []],
    ]);
    const at = [-1, 0, 9.99, 10, 99].map((seconds) => filmPartAt(joined, seconds).startSeconds);
    expect(at).toEqual([0, 0, 0, 10, 10]);
  });
});

describe("a moment of the source's clock", () => {
  it("is one of the film, within it", () => {
    expect([0, 1.4, 11.4, 21.4, 3_600].map((clock) => filmSeconds(plain, clock))).toEqual([
      ...[0, 0, 10, 20, 20],
    ]);
  });

  it("in a hole that is closed is where the film goes on", () => {
    expect([3, 10, 25, 40, 45, 99].map((clock) => filmSeconds(holed, clock))).toEqual([
      ...[3, 10, 10, 10, 15, 20],
    ]);
  });
});
