import { expect, test } from "vitest";
import type { Rgb } from "../hdr/tone-map.ts";
import { primariesChange, primariesMap } from "./primaries-table.ts";

const near = (got: Rgb, wanted: Rgb): void =>
  wanted.forEach((value, n) => expect(got[n]).toBeCloseTo(value, 3));

test("grey is grey in all primaries", () => {
  const map = primariesMap({ from: "smpte170m", to: "bt709" });
  for (const level of [0, 0.1, 0.5, 1]) near(map([level, level, level]), [level, level, level]);
});

test("colours come back from the way there and back", () => {
  const there = primariesMap({ from: "bt709", to: "bt2020" });
  const back = primariesMap({ from: "bt2020", to: "bt709" });
  for (const code of [
    [0.8, 0.2, 0.1],
    [0.1, 0.6, 0.3],
    [0.2, 0.3, 0.9],
  ] as const)
    near(back(there(code)), code);
});

test("red of NTSC is a red of BT.709 with less of it, and some green", () => {
  const [red, green, blue] = primariesMap({ from: "smpte170m", to: "bt709" })([1, 0, 0]);
  // 0.9395, 0.0178 and -0.0016 of the light (BT.709 from SMPTE C).
  near([red, green, blue], [0.9395 ** (1 / 2.4), 0.0178 ** (1 / 2.4), 0]);
});

test("what is the same, or unknown, is not changed", () => {
  expect(primariesChange("bt709", "bt709")).toBeUndefined();
  expect(primariesChange("smpte170m", "smpte240m")).toBeUndefined();
  expect(primariesChange("film", "bt709")).toBeUndefined();
  expect(primariesChange(undefined, "bt709")).toBeUndefined();
  expect(primariesChange("bt470bg", "bt709")).toEqual({ from: "bt470bg", to: "bt709" });
});
