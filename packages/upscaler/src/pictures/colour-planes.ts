/** RGB as the networks for films take it that want three planes: BT.709, limited range, full chroma. */
export function toYuv([red, green, blue]: readonly Uint8Array[]): Uint8Array[] {
  if (red === undefined || green === undefined || blue === undefined)
    throw new RangeError("colours have three channels");
  const [y, u, v] = [red, green, blue].map(({ length }) => new Uint8Array(length));
  for (let i = 0; i < red.length; i++) {
    const [r, g, b] = [red[i] as number, green[i] as number, blue[i] as number];
    // The half rounds, as in picture-planes.ts.
    (y as Uint8Array)[i] = 16.5 + 0.182_586 * r + 0.614_231 * g + 0.062_007 * b;
    (u as Uint8Array)[i] = 128.5 - 0.100_644 * r - 0.338_572 * g + 0.439_216 * b;
    (v as Uint8Array)[i] = 128.5 + 0.439_216 * r - 0.398_942 * g - 0.040_274 * b;
  }
  return [y as Uint8Array, u as Uint8Array, v as Uint8Array];
}

/** And back. */
export function fromYuv([luma, blueness, redness]: readonly Uint8Array[]): Uint8Array[] {
  if (luma === undefined || blueness === undefined || redness === undefined)
    throw new RangeError("a picture in YUV has three planes");
  const planes = [luma, blueness, redness].map(({ length }) => new Uint8ClampedArray(length));
  const [red, green, blue] = planes as [Uint8ClampedArray, Uint8ClampedArray, Uint8ClampedArray];
  for (let i = 0; i < luma.length; i++) {
    const y = 1.164_384 * ((luma[i] as number) - 16);
    const [u, v] = [(blueness[i] as number) - 128, (redness[i] as number) - 128];
    red[i] = y + 1.792_741 * v;
    green[i] = y - 0.213_249 * u - 0.532_909 * v;
    blue[i] = y + 2.112_402 * u;
  }
  return planes.map(({ buffer }) => new Uint8Array(buffer));
}
