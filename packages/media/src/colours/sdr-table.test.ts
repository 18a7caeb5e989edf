import { expect, test } from "vitest";
import type { Rgb } from "../hdr/tone-map.ts";
import { sdrChange, sdrMap } from "./sdr-table.ts";

const coded = (primaries: string, transfer = "bt709") => ({ primaries, transfer });
const near = (got: Rgb, wanted: Rgb): void =>
  wanted.forEach((value, n) => expect(got[n]).toBeCloseTo(value, 3));

test("grey is grey in all primaries", () => {
  const map = sdrMap({ from: coded("smpte170m"), to: coded("bt709") });
  for (const level of [0, 0.1, 0.5, 1]) near(map([level, level, level]), [level, level, level]);
});

test("colours come back from the way there and back", () => {
  const there = sdrMap({ from: coded("bt709"), to: coded("bt2020") });
  const back = sdrMap({ from: coded("bt2020"), to: coded("bt709") });
  for (const code of [
    [0.8, 0.2, 0.1],
    [0.1, 0.6, 0.3],
    [0.2, 0.3, 0.9],
  ] as const)
    near(back(there(code)), code);
});

test("red of NTSC is a red of BT.709 with less of it, and some green", () => {
  const [red, green, blue] = sdrMap({ from: coded("smpte170m"), to: coded("bt709") })([1, 0, 0]);
  // 0.9395, 0.0178 and -0.0016 of the light (BT.709 from SMPTE C).
  near([red, green, blue], [0.9395 ** (1 / 2.4), 0.0178 ** (1 / 2.4), 0]);
});

test("what is the same, or unknown, is not changed", () => {
  expect(sdrChange(coded("bt709"), coded("bt709"))).toBeUndefined();
  expect(sdrChange(coded("smpte170m"), coded("smpte240m"))).toBeUndefined();
  expect(sdrChange(coded("film"), coded("bt709"))).toBeUndefined();
  const change = { from: coded("bt470bg"), to: coded("bt709") };
  expect(sdrChange(change.from, change.to)).toEqual(change);
});

test("the curves of cameras are one to a display, those of displays are their own", () => {
  for (const camera of ["smpte170m", "smpte240m", "bt2020-10", "iec61966-2-4"])
    expect(sdrChange(coded("bt709", camera), coded("bt709"))).toBeUndefined();
  for (const display of ["bt470m", "bt470bg", "iec61966-2-1", "linear"])
    expect(sdrChange(coded("bt709", display), coded("bt709"))).toBeDefined();
  const map = sdrMap({ from: coded("bt709", "bt470bg"), to: coded("bt709", "smpte170m") });
  near(map([0, 0.5, 1]), [0, 0.5 ** (2.8 / 2.4), 1]);
  const back = sdrMap({ from: coded("bt709", "smpte170m"), to: coded("bt709", "iec61966-2-1") });
  near(back([0, 0.5, 1]), [0, 1.055 * 0.5 - 0.055, 1]);
});
