import type { Hdr } from "@upreel/core";

/** Red, green and blue, 0 to 1. */
export type Rgb = readonly [number, number, number];

/** What white of SDR is in light, cd/m²; as zscale's `npl=100` and ffmpeg's `tonemap` have it. */
const SDR_WHITE_NITS = 100;
/** HLG is made for a display of so much light; its system gamma is that of such a display (BT.2100). */
const HLG_PEAK_NITS = 1000;

/** SMPTE ST 2084; light of 1 is white of SDR. */
export const PQ = {
  ...{ m1: 2610 / 16384, m2: 2523 / 32, c1: 3424 / 4096, c2: 2413 / 128, c3: 2392 / 128 },
  peak: 10_000 / SDR_WHITE_NITS,
} as const;

/** ARIB STD-B67, and the system gamma for each channel by itself, as zscale has it (BT.2100: by brightness). */
export const HLG = {
  ...{ a: 0.17883277, b: 0.28466892, c: 0.55991073, gamma: 1.2 },
  peak: HLG_PEAK_NITS / SDR_WHITE_NITS,
} as const;

/** BT.2020 to BT.709 in linear light (BT.2087), a row for each channel. What BT.709 has no colour for comes out below 0. */
export const TO_BT709: readonly [Rgb, Rgb, Rgb] = [
  [1.660491, -0.5876411, -0.0728499],
  [-0.1245505, 1.1328999, -0.0083494],
  [-0.0181508, -0.1005789, 1.1187297],
];

/** So dark that no display shows it: nothing is divided by 0. */
export const DARKEST = 1e-6;

/** Gamma of BT.1886. */
export const DISPLAY_GAMMA = 2.4;

/**
 * The SDR colour (BT.709, gamma of BT.1886) of an HDR one (BT.2020): what the usual chain of ffmpeg
 * gives, `zscale=t=linear:npl=100,zscale=p=bt709,tonemap=hable:desat=0,zscale=t=bt709`.
 */
export function toneMap({ base, peakNits }: Pick<Hdr, "base" | "peakNits">, code: Rgb): Rgb {
  const light = mapEach(code, base === "hlg" ? hlgLight : pqLight);
  const [r, g, b] = toBt709(light);
  // The brightest of the three decides for all, so that no hue turns where one of them is cut.
  const brightest = Math.max(r, g, b, DARKEST);
  const factor = hable(brightest) / whiteOf(peakNits) / brightest;
  return mapEach([r * factor, g * factor, b * factor], (linear) =>
    Math.min(1, Math.max(0, linear) ** (1 / DISPLAY_GAMMA)),
  );
}

/** What the brightest light of a film comes to, before it becomes white. */
export const whiteOf = (peakNits: number): number => hable(peakNits / SDR_WHITE_NITS);

const mapEach = ([r, g, b]: Rgb, change: (value: number) => number): Rgb => [
  change(r),
  change(g),
  change(b),
];

function pqLight(code: number): number {
  const power = Math.max(0, code) ** (1 / PQ.m2);
  const linear = Math.max(power - PQ.c1, 0) / (PQ.c2 - PQ.c3 * power);
  return linear ** (1 / PQ.m1) * PQ.peak;
}

function hlgLight(code: number): number {
  const signal = Math.max(0, code);
  const scene = signal <= 0.5 ? signal ** 2 / 3 : (Math.exp((signal - HLG.c) / HLG.a) + HLG.b) / 12;
  return scene ** HLG.gamma * HLG.peak;
}

function toBt709([r, g, b]: Rgb): Rgb {
  const of = (row: Rgb): number => row[0] * r + row[1] * g + row[2] * b;
  return [of(TO_BT709[0]), of(TO_BT709[1]), of(TO_BT709[2])];
}

/** John Hable's filmic curve. */
const hable = (x: number): number =>
  (x * (0.15 * x + 0.05) + 0.004) / (x * (0.15 * x + 0.5) + 0.06) - 0.02 / 0.3;
