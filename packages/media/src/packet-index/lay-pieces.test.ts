import { describe, expect, it } from "vitest";
import type { ClockPiece, TrackPart } from "./clock-pieces.ts";
import { layPieces } from "./lay-pieces.ts";
import { every } from "./testing/packets.ts";

const RATE = { num: 25, den: 1 };
const TRACKS = { video: 0, mainSound: 1, rate: RATE };

const part = (track: number, fromMs: number, toMs: number): TrackPart => ({
  ...{ track, packets: 1, startMicros: fromMs * 1e3, endMicros: toMs * 1e3 },
  pictures:
    track === 0 ? Float64Array.from(every(40, fromMs, toMs), (ms) => ms * 1e3) : new Float64Array(),
});

function piece(fromByte: number, ...parts: TrackPart[]): ClockPiece {
  const startMicros = Math.min(...parts.map((each) => each.startMicros));
  const endMicros = Math.max(...parts.map((each) => each.endMicros));
  return { fromByte, parts, startMicros, endMicros };
}

describe("the beginning of a film", () => {
  const lay = (...parts: TrackPart[]) =>
    layPieces({ ...TRACKS, pieces: [piece(0, ...parts)], opensBytes: false });

  it("is its first picture, or its own sound where that begins before", () => {
    expect(lay(part(0, 1_000, 5_000), part(1, 1_010, 5_000)).zeroMicros).toBe(1_000_000);
    expect(lay(part(0, 1_000, 5_000), part(1, 200, 5_000))).toEqual({
      ...{ zeroMicros: 200_000, frameCount: 120 },
    });
  });

  it("is not moved by other sound, however early", () => {
    const laid = lay(part(0, 4_000, 8_000), part(1, 4_000, 8_000), part(2, 0, 8_000));
    expect(laid).toEqual({ zeroMicros: 4_000_000, frameCount: 100 });
  });

  it("lies on the grid of its pictures, half a picture from its sound at most", () => {
    const { zeroMicros } = lay(part(0, 1_070, 5_070), part(1, 1_000, 5_000));
    expect(zeroMicros).toBe(990_000);
  });
});

describe("a later piece", () => {
  const first = piece(0, part(0, 1_000, 5_000), part(1, 1_000, 5_000));
  const laid = (...parts: TrackPart[]) =>
    layPieces({ ...TRACKS, pieces: [first, piece(700, ...parts)], opensBytes: true });

  it("follows the one before without a gap, on its own clock", () => {
    expect(laid(part(0, 20, 2_020), part(1, 20, 2_020))).toEqual({
      ...{ zeroMicros: 1_000_000, frameCount: 150 },
      pieces: [
        { firstFrame: 0, clockMicros: 1_000_000, stillFrom: 100, fromByte: 0, toByte: 700 },
        { firstFrame: 100, clockMicros: 20_000, stillFrom: 150, fromByte: 700 },
      ],
    });
  });

  it("begins with its own sound, and with no other that comes before", () => {
    const later = (...parts: TrackPart[]) => laid(...parts).pieces?.[1]?.clockMicros;
    expect(later(part(0, 2_000, 4_000), part(1, 1_000, 4_000))).toBe(1_000_000);
    expect(later(part(0, 2_000, 4_000), part(1, 2_000, 4_000), part(2, 1_000, 4_000))).toBe(
      2_000_000,
    );
  });
});
