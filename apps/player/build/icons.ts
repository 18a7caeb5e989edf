import { crc32, deflateSync } from "node:zlib";
import type { Plugin } from "vite";

/** Home screens: 180 is Apple's; no vector picture is taken there. */
const SIZES = [180, 192, 512];
const GROUND = [0x0f, 0x2a, 0x27] as const;

interface Stroke {
  readonly points: readonly (readonly [number, number])[];
  readonly width: number;
  readonly colour: readonly [number, number, number];
}

/** The lines of icon.svg, in its 32 units. */
const STROKES: readonly Stroke[] = [
  {
    points: [
      [8, 21.5],
      [16, 8],
      [24, 21.5],
    ],
    ...{ width: 3.2, colour: [0x4c, 0xd0, 0xb5] },
  },
  {
    points: [
      [11.5, 25],
      [20.5, 25],
    ],
    ...{ width: 2.6, colour: [0xf0, 0xb3, 0x5a] },
  },
];

/** Draws `icon-<size>.png` from the same lines as icon.svg; the ground reaches the edges, as systems cut their own shape. */
export function icons(): Plugin {
  return {
    name: "icons",
    apply: "build",
    generateBundle() {
      for (const size of SIZES)
        this.emitFile({ type: "asset", fileName: `icon-${size}.png`, source: drawIcon(size) });
    },
  };
}

function drawIcon(size: number): Buffer {
  const unit = size / 32;
  const rows = Buffer.alloc(size * (1 + 3 * size));
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++) {
      const at: [number, number] = [(x + 0.5) / unit, (y + 0.5) / unit];
      const colour = STROKES.reduce<readonly number[]>((below, { points, width, colour: over }) => {
        const cover = Math.min(1, Math.max(0, 0.5 + (width / 2 - distance(at, points)) * unit));
        return below.map((value, k) => value + ((over[k] ?? 0) - value) * cover);
      }, GROUND);
      rows.set(colour, y * (1 + 3 * size) + 1 + 3 * x);
    }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  // 8 bits, true colour.
  header.set([8, 2], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(rows, { level: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function distance([x, y]: readonly [number, number], points: Stroke["points"]): number {
  let least = Infinity;
  for (const [k, [ax, ay]] of points.slice(0, -1).entries()) {
    const [bx, by] = points[k + 1] ?? [ax, ay];
    const along = ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / ((bx - ax) ** 2 + (by - ay) ** 2);
    const t = Math.min(1, Math.max(0, along));
    least = Math.min(least, Math.hypot(x - ax - t * (bx - ax), y - ay - t * (by - ay)));
  }
  return least;
}

function chunk(type: string, content: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), content]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(content.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}
