/**
 * Pixels that a network makes of a side of so many. ×1.5 gives an even number, as 4:2:0 wants: half a pixel, or one
 * and a half, of an odd or half-odd side are left out.
 */
export const enlarged = (pixels: number, scale: number): number =>
  Number.isInteger(scale) ? pixels * scale : 2 * Math.floor((pixels * scale) / 2);

/**
 * How a plane of chroma travels in rows of another width, all in pixels: one that is wider than a row is cut into columns,
 * which lie below each other.
 */
export function chromaStrips(
  chromaWidth: number,
  rowWidth: number,
): { readonly strips: number; readonly stripWidth: number } {
  const strips = Math.max(1, Math.ceil(chromaWidth / rowWidth));
  return { strips, stripWidth: Math.ceil(chromaWidth / strips) };
}
