import { area, type Box, type Region } from "./plan-work.ts";
import type { PictureSize } from "./changed-tiles.ts";

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
  const stride = scale * (input.right - input.left);
  const plane = scale * scale * area(input);
  const width = scale * (valid.right - valid.left);
  for (let channel = 0; channel < size.channels; channel++) {
    for (let y = scale * valid.top; y < scale * valid.bottom; y++) {
      const row = channel * plane + (y - scale * input.top) * stride;
      const from = row + scale * (valid.left - input.left);
      const to = scale * ((channel * scale * size.height + y) * size.width + valid.left);
      result.copy(picture, to, from, from + width);
    }
  }
}
