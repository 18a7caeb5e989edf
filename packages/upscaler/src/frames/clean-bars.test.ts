import { describe, expect, it } from "vitest";
import type { PictureSize } from "./changed-tiles.ts";
import { betweenBoth, cleanBars } from "./clean-bars.ts";
import type { Box } from "./plan-work.ts";

const SIZE = { width: 101, height: 60, channels: 1 };
const box = (left: number, top: number, right: number, bottom: number): Box => ({
  ...{ left, top, right, bottom },
});
const WHOLE = box(0, 0, 101, 60);

/** Black with what a codec leaves of it, around a picture. */
function barred({ width, height, channels }: PictureSize, between: Box, black = 16): Uint8Array {
  const bytes = new Uint8Array(channels * width * height);
  for (let at = 0; at < bytes.length; at++) {
    const [x, y] = [at % width, Math.floor(at / width) % height];
    const isBar = x < between.left || x >= between.right || y < between.top || y >= between.bottom;
    const plane = at < width * height ? black : 128;
    bytes[at] = isBar ? Math.max(0, plane - 2 + ((3 * x + 7 * y) % 5)) : 90 + ((x + y) % 50);
  }
  return bytes;
}

describe("bars", () => {
  it.each([
    ["above and below", box(0, 20, 101, 47), 16],
    ["on both sides", box(13, 0, 87, 60), 16],
    ["all around, in full range", box(13, 20, 87, 47), 0],
    ["below alone", box(0, 0, 101, 47), 16],
    ["on the right alone", box(0, 0, 87, 60), 16],
  ])("%s become black, and what lies between them stays", (_, between, black) => {
    const picture = barred(SIZE, between, black);
    const before = picture.slice();
    expect(cleanBars(picture, SIZE)).toEqual({ between, black });
    for (let at = 0; at < picture.length; at++) {
      const [x, y] = [at % 101, Math.floor(at / 101)];
      const isPicture =
        x >= between.left && x < between.right && y >= between.top && y < between.bottom;
      expect(picture[at]).toBe(isPicture ? before[at] : black);
    }
  });

  it("are looked for in all planes", () => {
    const size = { ...SIZE, channels: 3 };
    const picture = barred(size, box(0, 20, 101, 47));
    expect(cleanBars(picture, size)).toEqual({
      between: box(0, 20, 101, 47),
      black: 0x80_80_10,
    });
    const coloured = barred(size, box(0, 20, 101, 47));
    coloured[2 * 101 * 60 + 10 * 101] = 140;
    expect(cleanBars(coloured, size).between).toEqual(box(0, 10, 101, 47));
  });

  it("end where a subtitle stands in them", () => {
    const picture = barred(SIZE, box(0, 20, 101, 40));
    picture[50 * 101 + 33] = 200;
    expect(cleanBars(picture, SIZE).between).toEqual(box(0, 20, 101, 51));
    expect(picture[50 * 101 + 33]).toBe(200);
  });

  it.each([
    ["a pixel that is darker than black", box(0, 20, 101, 47), 0],
    ["one a little brighter", box(0, 20, 101, 47), 19],
  ])("are none behind %s", (_, between, value) => {
    const picture = barred(SIZE, between);
    picture[5 * 101 + 5] = value;
    const before = picture.slice();
    expect(cleanBars(picture, SIZE).between).toEqual(box(0, 0, 101, 47));
    expect(picture.subarray(0, 20 * 101)).toEqual(before.subarray(0, 20 * 101));
  });

  it.each([
    ["grey", barred(SIZE, box(0, 20, 101, 47), 128)],
    ["less than eight pixels", barred(SIZE, box(7, 7, 94, 53))],
  ])("are none that are %s", (_, picture) => {
    const before = picture.slice();
    expect(cleanBars(picture, SIZE).between).toEqual(WHOLE);
    expect(picture).toEqual(before);
  });

  it("are all of a black picture, which leaves those of another as they are", () => {
    const black = cleanBars(barred(SIZE, box(0, 0, 0, 0)), SIZE);
    const film = cleanBars(barred(SIZE, box(0, 20, 101, 47)), SIZE);
    const narrow = cleanBars(barred(SIZE, box(20, 30, 60, 50)), SIZE);
    expect(betweenBoth(black, film, SIZE)).toEqual(box(0, 20, 101, 47));
    expect(betweenBoth(film, black, SIZE)).toEqual(box(0, 20, 101, 47));
    expect(betweenBoth(film, narrow, SIZE)).toEqual(box(0, 20, 101, 50));
  });

  it("of another black are not the same", () => {
    const limited = cleanBars(barred(SIZE, box(0, 20, 101, 47)), SIZE);
    const full = cleanBars(barred(SIZE, box(0, 20, 101, 47), 0), SIZE);
    expect(betweenBoth(limited, full, SIZE)).toEqual(WHOLE);
  });
});
