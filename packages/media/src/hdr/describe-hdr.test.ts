import { expect, test } from "vitest";
import type { FfprobeStream } from "../ffmpeg/ffprobe-json.ts";
import { describeHdr } from "./describe-hdr.ts";

const stream = (about: Partial<FfprobeStream>): FfprobeStream => ({ index: 0, ...about });
const dolby = (dv_profile: number, dv_bl_signal_compatibility_id: number) => ({
  side_data_list: [
    {
      side_data_type: "DOVI configuration record",
      dv_profile,
      dv_bl_signal_compatibility_id,
    },
  ],
});
const describe = (about: Partial<FfprobeStream>, bitDepth = 10) =>
  describeHdr(stream(about), bitDepth);

test("PQ and HLG are HDR, other transfers are not", () => {
  expect(describe({ color_transfer: "smpte2084" })).toEqual({
    ...{ name: "HDR10", base: "pq", peakNits: 1000 },
  });
  expect(describe({ color_transfer: "arib-std-b67" })).toMatchObject({ name: "HLG", base: "hlg" });
  for (const color_transfer of ["bt709", "bt2020-10", "unknown", undefined])
    expect(describe({ color_transfer }), color_transfer).toBeUndefined();
});

test.each([
  [8, 1, "smpte2084", "pq", "Dolby Vision 8.1 (HDR10)"],
  [8, 4, "arib-std-b67", "hlg", "Dolby Vision 8.4 (HLG)"],
  [7, 6, "smpte2084", "pq", "Dolby Vision 7 (HDR10)"],
  [10, 1, "smpte2084", "pq", "Dolby Vision 10.1 (HDR10)"],
  // The pictures do not say: the box does.
  [8, 1, undefined, "pq", "Dolby Vision 8.1 (HDR10)"],
  [8, 4, "unknown", "hlg", "Dolby Vision 8.4 (HLG)"],
] as const)("Dolby Vision %d.%d over %s has a base of %s", (profile, id, transfer, base, name) => {
  expect(describe({ ...dolby(profile, id), color_transfer: transfer })).toMatchObject({
    base,
    name,
  });
});

test.each([
  [5, 0, undefined],
  [5, 0, "smpte2084"],
  [10, 0, "unknown"],
] as const)("Dolby Vision %d.%d over %s has no base", (profile, id, transfer) => {
  const found = describe({ ...dolby(profile, id), color_transfer: transfer });
  expect(found).toMatchObject({ base: "none", name: `Dolby Vision ${profile}` });
});

test("an SDR film with a box of Dolby Vision is SDR", () => {
  for (const profile of [5, 7, 8]) {
    expect(describe({ ...dolby(profile, 1), color_transfer: "bt709" }, 8)).toBeUndefined();
    expect(describe({ ...dolby(profile, 2), color_transfer: undefined }, 8)).toBeUndefined();
  }
  // An H.264 copy whose box tells of the HEVC that it was made from.
  expect(describe(dolby(5, 0), 8)).toBeUndefined();
});

test("ICtCp is a matrix that nothing here can read", () => {
  const found = describe({ color_transfer: "smpte2084", color_space: "ictcp" });
  expect(found).toMatchObject({ base: "none" });
});

test.each([
  [[{ max_content: 400 }, { max_luminance: "40000000/10000" }], 400],
  [[{ max_content: 0 }, { max_luminance: "40000000/10000" }], 4000],
  [[{ max_luminance: "0/10000" }], 1000],
  [[{ max_luminance: "1/0" }, { max_content: -5 }], 1000],
  [[{ max_content: 1 }], 100],
  [[{ max_content: 65_535 }], 10_000],
])("of %j the peak is %d cd/m²", (side_data_list, peakNits) => {
  const found = describe({ color_transfer: "smpte2084", side_data_list });
  expect(found?.peakNits).toBe(peakNits);
});
