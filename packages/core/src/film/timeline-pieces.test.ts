import { describe, expect, it } from "vitest";
import { pieceAt, pieceSpans, sourceClockMicros, timelinePieces } from "./timeline-pieces.ts";
import { timelineSchema, type Timeline } from "./timeline.ts";

const plain: Timeline = {
  ...{ zeroMicros: 1_400_000, rate: { num: 25, den: 1 }, frameCount: 500, framesPerSegment: 50 },
};
const joined: Timeline = {
  ...plain,
  pieces: [
    { firstFrame: 0, clockMicros: 1_400_000, fromByte: 0, toByte: 1_000 },
    { firstFrame: 250, clockMicros: 0, fromByte: 1_000, toByte: 3_000 },
    { firstFrame: 375, clockMicros: 90_000_000, fromByte: 3_000 },
  ],
};

describe("a timeline whose clock does not jump", () => {
  it("is one piece, from its zero on", () => {
    expect(timelinePieces(plain)).toEqual([
      { firstFrame: 0, endFrame: 500, clockMicros: 1_400_000 },
    ]);
    expect(sourceClockMicros(plain, 50)).toBe(3_400_000);
    expect(pieceSpans(plain, 100, 510)).toEqual([
      { firstFrame: 100, endFrame: 510, clockMicros: 5_400_000 },
    ]);
  });
  it("is read from a record of before there were pieces", () => {
    expect(timelineSchema.parse(plain)).toEqual(plain);
    expect(timelineSchema.parse(joined)).toEqual(joined);
  });
});

describe("a timeline over pieces", () => {
  it("is covered by them without a gap", () => {
    const ends = timelinePieces(joined).map(({ firstFrame, endFrame }) => [firstFrame, endFrame]);
    expect(ends).toEqual([
      [0, 250],
      [250, 375],
      [375, 500],
    ]);
  });
  it("counts each piece from its own clock", () => {
    expect([0, 249, 250, 374, 375, 499].map((f) => sourceClockMicros(joined, f))).toEqual([
      1_400_000, 11_360_000, 0, 4_960_000, 90_000_000, 94_960_000,
    ]);
    expect(pieceAt(joined, -1).firstFrame).toBe(0);
    expect(pieceAt(joined, 10_000).firstFrame).toBe(375);
  });
  it("is cut where a range of frames crosses into the next piece", () => {
    expect(pieceSpans(joined, 240, 400)).toEqual([
      { firstFrame: 240, endFrame: 250, clockMicros: 11_000_000, fromByte: 0, toByte: 1_000 },
      { firstFrame: 250, endFrame: 375, clockMicros: 0, fromByte: 1_000, toByte: 3_000 },
      { firstFrame: 375, endFrame: 400, clockMicros: 90_000_000, fromByte: 3_000 },
    ]);
  });
  it("that was cut shorter ends with the piece that holds its end", () => {
    const shorter = { ...joined, frameCount: 300 };
    expect(timelinePieces(shorter).map(({ endFrame }) => endFrame)).toEqual([250, 300]);
    expect(pieceSpans(shorter, 290, 310)).toMatchObject([{ firstFrame: 290, endFrame: 310 }]);
  });
});
