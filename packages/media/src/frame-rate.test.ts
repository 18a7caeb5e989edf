import { expect, test } from "vitest";
import { measureRate } from "./frame-rate.ts";

const MILLISECONDS = { num: 1, den: 1000 };
const MPEG = { num: 1, den: 90_000 };

/** PTS of `count` pictures at `rate`, rounded to ticks as a muxer does. */
const ticksAt = (rate: number, ticksPerSecond: number, count = 300): number[] =>
  Array.from({ length: count }, (_, i) => Math.round((i * ticksPerSecond) / rate));

const measure = (ticks: readonly number[], timeBase = MILLISECONDS, isInterlaced = false) =>
  measureRate({ ticks, timeBase, isInterlaced, claimed: [] });

test.each([
  [24000 / 1001, { num: 24000, den: 1001 }],
  [24, { num: 24, den: 1 }],
  [25, { num: 25, den: 1 }],
  [30000 / 1001, { num: 30000, den: 1001 }],
  [30, { num: 30, den: 1 }],
  [50, { num: 50, den: 1 }],
  [60000 / 1001, { num: 60000, den: 1001 }],
  [60, { num: 60, den: 1 }],
  [12.5, { num: 25, den: 2 }],
])("%f fps is found in timestamps rounded to milliseconds", (rate, expected) => {
  expect(measure(ticksAt(rate, 1000))).toEqual(expected);
});

test("packets in decoding order give the same rate as sorted ones", () => {
  const ticks = ticksAt(25, 90_000).map((_, i, all) => all[i ^ 3] ?? 0);
  expect(measure(ticks, MPEG)).toEqual({ num: 25, den: 1 });
});

test("a varying rate gives its usual step", () => {
  const steps = [33, 33, 34, 67, 33, 33, 100, 34, 33, 33, 67, 33];
  let at = 0;
  const ticks = steps.map((step) => (at += step));
  expect(measure(ticks)).toEqual({ num: 30, den: 1 });
});

test("a header that lies does not matter", () => {
  const lies = [
    { num: 1000, den: 1 },
    { num: 90_000, den: 1 },
  ];
  const request = { timeBase: MPEG, isInterlaced: false, claimed: lies };
  expect(measureRate({ ...request, ticks: ticksAt(25, 90_000) })).toEqual({ num: 25, den: 1 });
});

test("a few packets leave 24 and 23.976 open, and the header decides", () => {
  const ticks = ticksAt(24, 1000, 12);
  for (const rate of [
    { num: 24, den: 1 },
    { num: 24000, den: 1001 },
  ]) {
    const request = { ticks, timeBase: MILLISECONDS, isInterlaced: false, claimed: [rate] };
    expect(measureRate(request)).toEqual(rate);
  }
});

test("fields with timestamps of their own do not double the rate", () => {
  expect(measure(ticksAt(60000 / 1001, 90_000), MPEG, true)).toEqual({ num: 30000, den: 1001 });
  expect(measure(ticksAt(50, 90_000), MPEG, true)).toEqual({ num: 25, den: 1 });
  expect(measure(ticksAt(25, 90_000), MPEG, true)).toEqual({ num: 25, den: 1 });
});

test("more than 60 fps become 60", () => {
  expect(measure(ticksAt(120, 90_000), MPEG)).toEqual({ num: 60, den: 1 });
});

test("without timestamps the header is believed, and without either there is no rate", () => {
  const none = { ticks: [], timeBase: MPEG, isInterlaced: false };
  const lie = { num: 1200, den: 1 };
  expect(measureRate({ ...none, claimed: [lie, { num: 25, den: 1 }] })).toEqual({
    num: 25,
    den: 1,
  });
  expect(measureRate({ ...none, claimed: [] })).toBeUndefined();
});
