/** Bytes of a picture, interleaved: 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha. */
export interface Picture {
  readonly bytes: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 2 | 3 | 4;
}

export const hasAlpha = (channels: number): boolean => channels === 2 || channels === 4;

/** Rows `from` to `to` of each channel by itself. */
export function splitRows(picture: Picture, from: number, to: number): Uint8Array[] {
  const { bytes, width, channels } = picture;
  const count = width * (to - from);
  const start = from * width * channels;
  return Array.from({ length: channels }, (_, channel) => {
    const plane = new Uint8Array(count);
    for (let i = 0, at = start + channel; i < count; i++, at += channels)
      plane[i] = bytes[at] as number;
    return plane;
  });
}

// A store into bytes cuts the fraction off: with a half more it rounds, and has no branch that pictures make unforeseeable, as Math.round has.

/** Invisible pixels may have any colour: colours are weighted by alpha, in place, so that none bleeds into what is seen. */
export function weightByAlpha(colours: readonly Uint8Array[], alpha: Uint8Array): void {
  for (const plane of colours)
    for (let i = 0; i < plane.length; i++)
      plane[i] = ((plane[i] as number) * (alpha[i] as number)) / 255 + 0.5;
}

/** The other way round, with the enlarged alpha; in place, too. */
export function unweightByAlpha(colours: Uint8Array[], alpha: Uint8Array): Uint8Array[] {
  for (const plane of colours)
    for (let i = 0; i < plane.length; i++) {
      const a = alpha[i] as number;
      if (a === 255) continue;
      plane[i] = a === 0 ? 0 : Math.min(255, ((plane[i] as number) * 255) / a + 0.5);
    }
  return colours;
}

/** BT.601 luma in full range, as JPEG has it: 16 bits of fraction, which add up to one. */
export function lumaOf([red, green, blue]: readonly Uint8Array[]): Uint8Array {
  if (red === undefined) throw new RangeError("a picture has a channel at least");
  if (green === undefined || blue === undefined) return red;
  const luma = new Uint8Array(red.length);
  for (let i = 0; i < luma.length; i++)
    luma[i] =
      (19_595 * (red[i] as number) +
        38_470 * (green[i] as number) +
        7_471 * (blue[i] as number) +
        32_768) >>
      16;
  return luma;
}
