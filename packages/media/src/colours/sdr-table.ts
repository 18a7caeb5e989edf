import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeTable } from "../hdr/cube-file.ts";
import type { Rgb } from "../hdr/tone-map.ts";

type Matrix = readonly [Rgb, Rgb, Rgb];

/** x and y of red, green and blue (H.273, table 2); all have the white of daylight. */
const PRIMARIES: Readonly<Record<string, readonly [Chromaticity, Chromaticity, Chromaticity]>> = {
  bt709: [
    [0.64, 0.33],
    [0.3, 0.6],
    [0.15, 0.06],
  ],
  bt470bg: [
    [0.64, 0.33],
    [0.29, 0.6],
    [0.15, 0.06],
  ],
  smpte170m: [
    [0.63, 0.34],
    [0.31, 0.595],
    [0.155, 0.07],
  ],
  smpte240m: [
    [0.63, 0.34],
    [0.31, 0.595],
    [0.155, 0.07],
  ],
  bt2020: [
    [0.708, 0.292],
    [0.17, 0.797],
    [0.131, 0.046],
  ],
};
type Chromaticity = readonly [x: number, y: number];
const WHITE: Chromaticity = [0.3127, 0.329];

/** From code value to light of a display, and back. */
interface Curve {
  readonly toLight: (code: number) => number;
  readonly toCode: (light: number) => number;
}

const power = (gamma: number): Curve => ({
  toLight: (code) => code ** gamma,
  toCode: (light) => light ** (1 / gamma),
});
/** BT.1886: what a display makes of all curves that cameras of SDR have, which are left out below. */
const BT1886 = power(2.4);
/** Of transfers that say what the display is to do (H.273, table 3). */
const CURVES: Readonly<Record<string, Curve>> = {
  bt470m: power(2.2),
  bt470bg: power(2.8),
  linear: power(1),
  "iec61966-2-1": {
    toLight: (code) => (code <= 0.04045 ? code / 12.92 : ((code + 0.055) / 1.055) ** 2.4),
    toCode: (light) => (light <= 0.0031308 ? light * 12.92 : 1.055 * light ** (1 / 2.4) - 0.055),
  },
};
const curveOf = (transfer: string): Curve => CURVES[transfer] ?? BT1886;

/** What the codes of an SDR picture mean, beside matrix and range. */
export interface SdrColours {
  readonly primaries: string;
  readonly transfer: string;
}

export interface SdrChange {
  readonly from: SdrColours;
  readonly to: SdrColours;
}

/** undefined: they mean the same; primaries that are not known are taken for those of the other. */
export function sdrChange(from: SdrColours, to: SdrColours): SdrChange | undefined {
  const [a, b] = [PRIMARIES[from.primaries], PRIMARIES[to.primaries]];
  const areSame = a === undefined || b === undefined || JSON.stringify(a) === JSON.stringify(b);
  return areSame && curveOf(from.transfer) === curveOf(to.transfer) ? undefined : { from, to };
}

/** Transfers whose displays are alike share a table. */
const nameOf = ({ primaries, transfer }: SdrColours): string =>
  `${primaries in PRIMARIES ? primaries : "any"}-${transfer in CURVES ? transfer : "bt1886"}`;

export const sdrTablePath = ({ from, to }: SdrChange): string =>
  join(tmpdir(), `upreel-${nameOf(from)}-as-${nameOf(to)}.cube`);

/** Makes sure that the table of colours at `sdrTablePath` is there. */
export const writeSdrTable = (change: SdrChange): Promise<void> =>
  writeTable(sdrTablePath(change), sdrMap(change));

/** A colour that is coded in one way, coded in another; what that cannot show is cut. */
export function sdrMap({ from, to }: SdrChange): (code: Rgb) => Rgb {
  const [a, b] = [PRIMARIES[from.primaries], PRIMARIES[to.primaries]];
  const matrix =
    a === undefined || b === undefined ? IDENTITY : multiply(invert(toLight(b)), toLight(a));
  const [read, write] = [curveOf(from.transfer), curveOf(to.transfer)];
  const encode = (light: number): number => write.toCode(Math.min(1, Math.max(0, light)));
  return (code) => mapEach(apply(matrix, mapEach(code, read.toLight)), encode);
}

const IDENTITY: Matrix = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
];
const mapEach = ([r, g, b]: Rgb, change: (value: number) => number): Rgb => [
  change(r),
  change(g),
  change(b),
];

/** From red, green and blue to X, Y and Z, white at 1 (SMPTE RP 177). */
function toLight(primaries: readonly [Chromaticity, Chromaticity, Chromaticity]): Matrix {
  const [r, g, b] = primaries.map(([x, y]): Rgb => [x / y, 1, (1 - x - y) / y]) as [Rgb, Rgb, Rgb];
  const columns: Matrix = [
    [r[0], g[0], b[0]],
    [r[1], g[1], b[1]],
    [r[2], g[2], b[2]],
  ];
  const [x, y] = WHITE;
  const scale = apply(invert(columns), [x / y, 1, (1 - x - y) / y]);
  const scaled = (row: Rgb): Rgb => [row[0] * scale[0], row[1] * scale[1], row[2] * scale[2]];
  return [scaled(columns[0]), scaled(columns[1]), scaled(columns[2])];
}

const dot = (a: Rgb, b: Rgb): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const apply = (m: Matrix, v: Rgb): Rgb => [dot(m[0], v), dot(m[1], v), dot(m[2], v)];
const column = (m: Matrix, n: 0 | 1 | 2): Rgb => [m[0][n], m[1][n], m[2][n]];
function multiply(a: Matrix, b: Matrix): Matrix {
  const row = (r: Rgb): Rgb => [dot(r, column(b, 0)), dot(r, column(b, 1)), dot(r, column(b, 2))];
  return [row(a[0]), row(a[1]), row(a[2])];
}

const cross = (a: Rgb, b: Rgb): Rgb => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];

function invert(m: Matrix): Matrix {
  const [a, b, c] = [column(m, 0), column(m, 1), column(m, 2)];
  const by = 1 / dot(a, cross(b, c));
  const row = (v: Rgb): Rgb => [v[0] * by, v[1] * by, v[2] * by];
  return [row(cross(b, c)), row(cross(c, a)), row(cross(a, b))];
}
