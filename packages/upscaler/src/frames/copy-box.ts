import { enlarged } from "@upreel/core/plain";
import { type Box, type Region } from "./plan-work.ts";
import type { PictureSize } from "./changed-tiles.ts";
import type { PassedRows } from "./frame-layout.ts";

/** Copies `box` of every plane of a picture into `target`, as a picture of its own. */
export function cutBox(picture: Buffer, size: PictureSize, box: Box, target: Buffer): void {
  const width = box.right - box.left;
  let to = 0;
  for (let channel = 0; channel < size.channels; channel++) {
    for (let y = box.top; y < box.bottom; y++) {
      const from = (channel * size.height + y) * size.width + box.left;
      picture.copy(target, to, from, from + width);
      to += width;
    }
  }
}

/** Copies what is valid of the network's `result` for a region into the upscaled `picture`. */
export function pasteRegion(
  result: Buffer,
  { input, valid }: Region,
  size: PictureSize,
  scale: number,
  picture: Buffer,
): void {
  const large = (pixels: number): number => enlarged(pixels, scale);
  const stride = large(input.right - input.left);
  const plane = large(input.bottom - input.top) * stride;
  const width = large(valid.right) - large(valid.left);
  const [whole, high] = [large(size.width), large(size.height)];
  for (let channel = 0; channel < size.channels; channel++) {
    for (let y = large(valid.top); y < large(valid.bottom); y++) {
      const row = channel * plane + (y - large(input.top)) * stride;
      const from = row + large(valid.left - input.left);
      const to = (channel * high + y) * whole + large(valid.left);
      result.copy(picture, to, from, from + width);
    }
  }
}

/** Copies two planes out of their rows into `target`, without gaps. */
export function joinRows(rows: Buffer, passed: PassedRows, target: Buffer): void {
  const { stride, width, height, strips, stripWidth } = passed;
  let to = 0;
  for (let plane = 0; plane < 2; plane++) {
    for (let y = 0; y < height; y++) {
      for (let left = 0, strip = 0; left < width; left += stripWidth, strip++) {
        const from = ((plane * strips + strip) * height + y) * stride;
        const bytes = Math.min(stripWidth, width - left);
        rows.copy(target, to, from, from + bytes);
        to += bytes;
      }
    }
  }
}
