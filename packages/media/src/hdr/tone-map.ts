import type { Hdr } from "@upreel/core";

/** Red, green and blue, 0 to 1. */
export type Rgb = readonly [number, number, number];

/** What white of SDR is in light, cd/m²; as zscale's `npl=100` and ffmpeg's `tonemap` have it. */
const SDR_WHITE_NITS = 100;
/** HLG is made for a display of so much light; its system gamma is that of such a display (BT.2100). */
const HLG_PEAK_NITS = 1000;
const HLG_GAMMA = 1.2;

/**
 * The SDR colour (BT.709, gamma of BT.1886) of an HDR one (BT.2020): what the usual chain of ffmpeg
 * gives, `zscale=t=linear:npl=100,zscale=p=bt709,tonemap=hable:desat=0,zscale=t=bt709`.
 */
export function toneMap({ base, peakNits }: Pick<Hdr, "base" | "peakNits">, code: Rgb): Rgb {
  const light = mapEach(code, base === "hlg" ? hlgLight : pqLight);
  const [r, g, b] = toBt709(light);
  // The brightest of the three decides for all, so that no hue turns where one of them is cut.
  const brightest = Math.max(r, g, b, 1e-6);
  const factor = hable(brightest) / hable(peakNits / SDR_WHITE_NITS) / brightest;
  return mapEach([r * factor, g * factor, b * factor], (linear) =>
    Math.min(1, Math.max(0, linear) ** (1 / 2.4)),
  );
}

const mapEach = ([r, g, b]: Rgb, change: (value: number) => number): Rgb => [
  change(r),
  change(g),
  change(b),
];

/** SMPTE ST 2084: from code value to light, 1 is white of SDR. */
function pqLight(code: number): number {
  const power = Math.max(0, code) ** (32 / 2523);
  const linear = Math.max(power - 3424 / 4096, 0) / (2413 / 128 - (2392 / 128) * power);
  return (linear ** (16384 / 2610) * 10_000) / SDR_WHITE_NITS;
}

/** ARIB STD-B67, and the system gamma for each channel by itself, as zscale has it (BT.2100: by brightness). */
function hlgLight(code: number): number {
  const signal = Math.max(0, code);
  const scene =
    signal <= 0.5
      ? signal ** 2 / 3
      : (Math.exp((signal - 0.55991073) / 0.17883277) + 0.28466892) / 12;
  return (scene ** HLG_GAMMA * HLG_PEAK_NITS) / SDR_WHITE_NITS;
}

/** BT.2020 to BT.709 in linear light (BT.2087). What BT.709 has no colour for comes out below 0. */
const toBt709 = ([r, g, b]: Rgb): Rgb => [
  1.660491 * r - 0.5876411 * g - 0.0728499 * b,
  -0.1245505 * r + 1.1328999 * g - 0.0083494 * b,
  -0.0181508 * r - 0.1005789 * g + 1.1187297 * b,
];

/** John Hable's filmic curve. */
const hable = (x: number): number =>
  (x * (0.15 * x + 0.05) + 0.004) / (x * (0.15 * x + 0.5) + 0.06) - 0.02 / 0.3;
