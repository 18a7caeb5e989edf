/**
 * Pixels that a network makes of a side of so many. ×1.5 gives an even number, as 4:2:0 wants: half a pixel, or one
 * and a half, of an odd or half-odd side are left out.
 */
export const enlarged = (pixels: number, scale: number): number =>
  Number.isInteger(scale) ? pixels * scale : 2 * Math.floor((pixels * scale) / 2);
