import type { ModelSpec } from "@upreel/core";
import { describe, expect, it } from "vitest";
import { planTiles, type TileSpan } from "./plan-tiles.ts";
import { cutTile, pasteTile, tilesOf, type Planes } from "./tile-pixels.ts";

const net = (rest: Partial<ModelSpec> = {}): ModelSpec => ({
  ...{
    id: "net",
    file: "net.onnx",
    hash: "",
    kind: "luma",
    pixelFormat: "yuv444p",
    scale: 2,
    halo: 5,
  },
  ...rest,
});

/** What each side of a tile shows beyond the part that is kept. */
function margins(spans: readonly TileSpan[], length: number): number[] {
  return spans.flatMap(({ from, size, keepFrom, keepTo }) => [
    ...(keepFrom === 0 ? [] : [keepFrom - from]),
    ...(keepTo === length ? [] : [from + size - keepTo]),
  ]);
}

describe("tiles", () => {
  it.each([1, 83, 100, 101, 640, 641, 1279, 1917])(
    "cover a side of %i pixels once, with the halo around every seam",
    (length) => {
      for (const halo of [0, 5, 32]) {
        const { columns } = planTiles(net({ halo }), { width: length, height: 400 }, 300 * 300);
        expect(columns[0]?.keepFrom).toBe(0);
        for (const [at, { keepTo }] of columns.entries())
          expect(columns[at + 1]?.keepFrom ?? length).toBe(keepTo);
        expect(Math.min(halo, ...margins(columns, length))).toBe(halo);
        // Networks of blocks see the blocks of the whole picture.
        expect(columns.every(({ from }) => from % 16 === 0)).toBe(true);
        expect(columns.every(({ from, size }) => from >= 0 && from + size <= length)).toBe(true);
      }
    },
  );
  it("of ×1.5 meet where a whole pixel of the result begins, with the halo around every seam", () => {
    for (const length of [83, 640, 641, 1279, 1917]) {
      const { columns } = planTiles(net({ scale: 1.5 }), { width: length, height: 400 }, 300 * 300);
      expect(
        columns.slice(1).every(({ from, keepFrom }) => from % 4 === 0 && keepFrom % 4 === 0),
      ).toBe(true);
      expect(Math.min(5, ...margins(columns, length))).toBe(5);
      expect(columns.at(-1)?.keepTo).toBe(length);
    }
  });
  it("hold as many pixels as are allowed, and not many more", () => {
    for (const { column, row } of tilesOf(planTiles(net(), { width: 1920, height: 1080 }, 200_000)))
      expect(column.size * row.size).toBeLessThanOrEqual(200_000 + 16 * (column.size + row.size));
  });
  it("are of the network's size where that is fixed, whatever the picture's", () => {
    const fixed = { width: 156, height: 156, trim: 7, trimEnd: 7 };
    for (const width of [3, 142, 143, 640]) {
      const { columns } = planTiles(net({ fixed, halo: 9 }), { width, height: 90 }, 1);
      expect(columns.map(({ size }) => size)).toEqual(columns.map(() => 156));
      expect(columns[0]?.from).toBe(-7);
      expect(Math.min(9, ...margins(columns, width))).toBe(9);
      expect(columns.at(-1)?.keepTo).toBe(width);
    }
  });
});

it("a picture cut in tiles and put together again is the same picture", () => {
  const [channels, height, width] = [3, 211, 307];
  const bytes = Uint8Array.from({ length: channels * height * width }, (_, i) => (i * i + i) % 251);
  const picture: Planes = { bytes, channels, height, width };
  for (const fixed of [undefined, { width: 90, height: 70, trim: 0, trimEnd: 0 }]) {
    const result = { ...picture, bytes: new Uint8Array(bytes.length) };
    for (const tile of tilesOf(planTiles(net({ scale: 1, ...(fixed && { fixed }) }), picture, 1)))
      pasteTile(result, cutTile(picture, tile), tile, { scale: 1, trim: 0 });
    expect(Buffer.compare(result.bytes, bytes)).toBe(0);
  }
});
