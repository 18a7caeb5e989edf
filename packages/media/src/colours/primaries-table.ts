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
/** BT.1886: what a display makes of all curves that cameras of SDR have. */
const GAMMA = 2.4;

export interface PrimariesChange {
  readonly from: string;
  readonly to: string;
}

/** undefined: they are the same, or unknown. */
export function primariesChange(
  from: string | undefined,
  to: string | undefined,
): PrimariesChange | undefined {
  const [a, b] = [PRIMARIES[from ?? ""], PRIMARIES[to ?? ""]];
  if (from === undefined || to === undefined || a === undefined || b === undefined)
    return undefined;
  return JSON.stringify(a) === JSON.stringify(b) ? undefined : { from, to };
}

export const primariesPath = ({ from, to }: PrimariesChange): string =>
  join(tmpdir(), `upreel-${from}-as-${to}.cube`);

/** Makes sure that the table of colours at `primariesPath` is there. */
export const writePrimaries = (change: PrimariesChange): Promise<void> =>
  writeTable(primariesPath(change), primariesMap(change));

/** A colour that is coded for some primaries, coded for others; what they cannot show is cut. */
export function primariesMap({ from, to }: PrimariesChange): (code: Rgb) => Rgb {
  const [a, b] = [PRIMARIES[from], PRIMARIES[to]];
  if (a === undefined || b === undefined) return (code) => code;
  const matrix = multiply(invert(toLight(b)), toLight(a));
  return (code) =>
    mapEach(
      apply(
        matrix,
        mapEach(code, (value) => value ** GAMMA),
      ),
      encode,
    );
}

const encode = (light: number): number => Math.min(1, Math.max(0, light)) ** (1 / GAMMA);
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
