import { describe, expect, it } from "vitest";
import { MOST_SEGMENTS } from "./longest-film.ts";
import {
  STANDARD_RATES,
  durationSeconds,
  framePts90k,
  frameSeconds,
  framesPerSegment,
  segmentAt,
  segmentCount,
  segmentFileName,
  segmentFrames,
  segmentSeconds,
  snapRate,
  timelineSchema,
  type Timeline,
} from "./timeline.ts";

const NTSC_FILM = { num: 24_000, den: 1_001 };
const THREE_HOURS = Math.round((3 * 3_600 * 24_000) / 1_001);
const film = (change: Partial<Timeline> = {}): Timeline => ({
  ...{ zeroMicros: 0, rate: NTSC_FILM, frameCount: THREE_HOURS, framesPerSegment: 48 },
  ...change,
});

it("has no more segments than the longest film", () => {
  const parse = (frameCount: number): boolean =>
    timelineSchema.safeParse(film({ frameCount })).success;
  expect(parse(MOST_SEGMENTS * 48)).toBe(true);
  expect(parse(MOST_SEGMENTS * 48 + 1)).toBe(false);
});

describe("segments of a film at 23.976", () => {
  it("meet without a gap or an overlap over hours, and add up to the film", () => {
    const t = film();
    let next = 0;
    for (let k = 0; k < segmentCount(t); k++) {
      const { first, end } = segmentFrames(t, k);
      expect(first).toBe(next);
      next = end;
    }
    expect(next).toBe(THREE_HOURS);
    expect(durationSeconds(t)).toBeCloseTo(10_800, 1);
  });
  it("last 2.002 s, the last one what is left", () => {
    const t = film({ frameCount: 48 * 10 + 5 });
    expect(segmentCount(t)).toBe(11);
    expect(segmentSeconds(t, 0)).toBe(2.002);
    expect(segmentSeconds(t, 10)).toBe((5 * 1_001) / 24_000);
  });
  it("are found by the time of their first frame, and not by a moment before it", () => {
    const t = film();
    for (let k = 0; k < segmentCount(t); k++) {
      const start = frameSeconds(t, segmentFrames(t, k).first);
      expect(segmentAt(t, start)).toBe(k);
      if (k > 0) expect(segmentAt(t, start - 0.001)).toBe(k - 1);
    }
  });
  it("are found by times outside the film, too: the first and the last one", () => {
    const t = film();
    expect(segmentAt(t, -5)).toBe(0);
    expect(segmentAt(t, 1e9)).toBe(segmentCount(t) - 1);
  });
});

describe("timestamps", () => {
  it("never drift: each is within half a tick of the exact time", () => {
    const t = film();
    for (const frame of [0, 1, 2, 47, 48, 86_399, 172_801, THREE_HOURS - 1]) {
      const exact = ((frame + 240) * 1_001 * 90_000) / 24_000;
      expect(Math.abs(framePts90k(t, frame) - exact)).toBeLessThanOrEqual(0.5);
    }
  });
  it("are whole numbers far from what a double can hold, for a day of film at 60000/1001", () => {
    const rate = { num: 60_000, den: 1_001 };
    const day = 24 * 3_600 * 60;
    expect((day + 240) * rate.den * 90_000).toBeLessThan(Number.MAX_SAFE_INTEGER);
    expect(framePts90k(film({ rate, frameCount: day }), 60_000)).toBe((60_240 * 1_001 * 3) / 2);
  });
});

describe("the rate of a source", () => {
  it("snaps to itself where it is a standard one, also rounded as tools print it", () => {
    for (const rate of STANDARD_RATES) {
      expect(snapRate(rate.num / rate.den)).toEqual(rate);
      expect(snapRate(Number((rate.num / rate.den).toFixed(3)))).toEqual(rate);
    }
  });
  it("snaps to the nearest one by ratio", () => {
    expect(snapRate(23.9)).toEqual(NTSC_FILM);
    expect(snapRate(24.9)).toEqual({ num: 25, den: 1 });
    expect(snapRate(29.9)).toEqual({ num: 30_000, den: 1_001 });
    expect(snapRate(1)).toEqual({ num: 5, den: 1 });
  });
  it("is 60 at most", () => {
    expect(snapRate(120)).toEqual({ num: 60, den: 1 });
    expect(snapRate(1_000)).toEqual({ num: 60, den: 1 });
  });
});

describe("frames in a segment", () => {
  it("make about the wanted seconds, at every rate", () => {
    expect(framesPerSegment(NTSC_FILM, 2)).toBe(48);
    expect(framesPerSegment({ num: 60_000, den: 1_001 }, 2)).toBe(120);
    expect(framesPerSegment({ num: 25, den: 2 }, 2)).toBe(25);
  });
  it("are one at least", () => {
    expect(framesPerSegment({ num: 5, den: 1 }, 0.01)).toBe(1);
  });
});

it("a segment's file has six digits at least", () => {
  expect([0, 123, 1_234_567].map(segmentFileName)).toEqual([
    "000000.ts",
    "000123.ts",
    "1234567.ts",
  ]);
});
