import type { Rational } from "@upreel/core";
import { describe, expect, it, test } from "vitest";
import { chooseRate } from "./frame-rate.ts";
import { frameOfPicture, gridZero, lostPictures } from "../packet-index/lost-pictures.ts";

const MILLISECOND = 1_000;
const MPEG = 1e6 / 90_000;

/** Times of `count` pictures at `rate`, rounded to ticks as a muxer does. */
const timesAt = (rate: number, tickMicros: number, count = 300): number[] =>
  Array.from({ length: count }, (_, i) =>
    Math.round(Math.round((i * 1e6) / rate / tickMicros) * tickMicros),
  );

const choose = (
  times: readonly number[],
  tickMicros = MILLISECOND,
  claimed: readonly Rational[] = [],
  isInterlaced = false,
) =>
  chooseRate({
    runs: [{ times: Float64Array.from(times), zeroMicros: times[0] ?? 0 }],
    ...{ tickMicros, isInterlaced, claimed },
  });
const rate = (num: number, den = 1): Rational => ({ num, den });
/** Times that follow each other by these steps, in milliseconds, again and again. */
const stepping = (steps: readonly number[], count: number): number[] => {
  let at = 0;
  return Array.from({ length: count }, (_, i) =>
    Math.round((at += i === 0 ? 0 : (steps[(i - 1) % steps.length] ?? 0)) * 1_000),
  );
};

test.each([
  [24000 / 1001, rate(24000, 1001)],
  [24, rate(24)],
  [25, rate(25)],
  [30000 / 1001, rate(30000, 1001)],
  [30, rate(30)],
  [48, rate(48)],
  [50, rate(50)],
  [60000 / 1001, rate(60000, 1001)],
  [60, rate(60)],
  [12, rate(12)],
  [12.5, rate(25, 2)],
  [16, rate(16)],
  [18, rate(18)],
  [16000 / 1001, rate(16000, 1001)],
  [1, rate(1)],
])(
  "%f fps is found in timestamps rounded to milliseconds, and not snapped to another",
  (fps, expected) => {
    expect(choose(timesAt(fps, MILLISECOND))).toEqual(expected);
    expect(choose(timesAt(fps, MPEG), MPEG)).toEqual(expected);
  },
);

describe("the rate of a film is that of all of it", () => {
  it("holds the fastest part", () => {
    const slow = timesAt(7.5, MPEG, 338);
    const fast = timesAt(60, MPEG, 900).map((time) => time + 45_000_000 + 66_667);
    expect(choose([...slow, ...fast], MPEG)).toEqual(rate(60));
  });
  it("is that of the film behind soft telecine, wherever its pattern begins", () => {
    const field = 1001 / 60;
    for (const pattern of [
      [3, 2],
      [2, 3],
    ]) {
      const times = stepping(
        pattern.map((fields) => fields * field),
        480,
      );
      expect(choose(times, MPEG, [rate(30000, 1001), rate(60000, 1001)])).toEqual(
        rate(24000, 1001),
      );
    }
  });
  it("is 29.97 where soft telecine and video take turns", () => {
    const film = stepping([50.05, 1001 / 30], 240);
    const end = (film.at(-1) ?? 0) + 33_367;
    const video = timesAt(30000 / 1001, MPEG, 300).map((time) => time + end);
    expect(choose([...film, ...video], MPEG)).toEqual(rate(30000, 1001));
  });
  it("is the usual one where pictures are left out", () => {
    const kept = (_: number, i: number): boolean => i % 7 !== 3 && i % 16 !== 6 && i % 16 !== 7;
    for (const fps of [25, 30]) {
      expect(choose(timesAt(fps, MILLISECOND).filter(kept))).toEqual(rate(fps));
    }
  });
  it("loses no picture of a phone whose clock wavers", () => {
    let seed = 1;
    const random = (): number => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647;
    const times = timesAt(29.9, MPEG, 1_500).map((time) => Math.round(time + 8_000 * random()));
    const chosen = choose(times, MPEG, [rate(30)]);
    if (chosen === undefined) throw new Error("no rate");
    const run = { times: Float64Array.from(times), zeroMicros: times[0] };
    expect(lostPictures([run], chosen)).toBe(0);
  });
  it("is not doubled for one splice in a long film", () => {
    const first = timesAt(25, MPEG, 4_000);
    const second = timesAt(25, MPEG, 4_000).map((time) => time + 3_999 * 40_000 + 20_000);
    expect(choose([...first, ...second], MPEG)).toEqual(rate(25));
  });
  it("is 60 at most", () => {
    expect(choose(timesAt(120, MPEG), MPEG)).toEqual(rate(60));
    expect(choose(timesAt(100, 10_000), 10_000)).toEqual(rate(60));
  });
});

test("a header that lies does not matter", () => {
  expect(choose(timesAt(25, MPEG), MPEG, [rate(1000), rate(90_000)])).toEqual(rate(25));
});

test("a few packets leave 24 and 23.976 open, and the header decides", () => {
  for (const claim of [rate(24), rate(24000, 1001)]) {
    expect(choose(timesAt(24, MILLISECOND, 12), MILLISECOND, [claim])).toEqual(claim);
  }
});

test("fields with timestamps of their own do not double the rate", () => {
  const fields = (fps: number) => choose(timesAt(fps, MPEG), MPEG, [], true);
  expect(fields(60000 / 1001)).toEqual(rate(30000, 1001));
  expect(fields(50)).toEqual(rate(25));
  expect(fields(25)).toEqual(rate(25));
});

test("without timestamps the header is believed, and without either there is no rate", () => {
  expect(choose([], MPEG, [rate(1200), rate(25)])).toEqual(rate(25));
  expect(choose([], MPEG, [rate(16)])).toEqual(rate(16));
  expect(choose([], MPEG)).toBeUndefined();
});

test("frames begin when pictures do", () => {
  const times = Float64Array.from(timesAt(24000 / 1001, MILLISECOND).map((time) => time + 18_770));
  const run = { times, zeroMicros: 0 };
  const film = rate(24000, 1001);
  const zero = gridZero(run, film);
  expect(zero).not.toBe(0);
  expect(Math.abs(zero)).toBeLessThan(20_855);
  const frames = [...times].map((time) => frameOfPicture(time, zero, film));
  expect(new Set(frames).size).toBe(times.length);
  expect(gridZero({ ...run, zeroMicros: times[0] }, film)).toBe(times[0]);
});
