/** Luma of pictures that follow each other, line by line; all lines of the picture, of its columns some. */
export interface LumaFrames {
  readonly bytes: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/**
 * How many pixels look combed when two fields are woven: those of one picture, and those of it and its
 * neighbours, either way. Pixels in which nothing moves do not count.
 */
export interface CombFigures {
  /** Both fields of this picture. */
  readonly own: number;
  /** Both: its upper field with the lower one of the picture before, its lower one with the upper one of the next. */
  readonly topLater: number;
  /** Both: its lower field with the upper one of the picture before, its upper one with the lower one of the next. */
  readonly bottomLater: number;
  readonly pixels: number;
}

/** What a line must differ by from those above and below it, of 255; ffmpeg's `fieldmatch` has the same. */
const COMB_LEVEL = 9;
/** What a pixel must have changed by, of 255, to be one that moves. */
const MOTION_LEVEL = 12;

/** The figures of each picture but the first and the last one, one after the other. */
export function* combFigures({ bytes, width, height }: LumaFrames): Generator<CombFigures> {
  const size = width * height;
  const shape = { width, height };
  for (let at = size; at + 2 * size <= bytes.length; at += size) {
    const before = bytes.subarray(at - size, at);
    const own = bytes.subarray(at, at + size);
    const next = bytes.subarray(at + size, at + 2 * size);
    yield {
      own: combed(own, own, before, next, shape),
      topLater: combed(own, before, before, own, shape) + combed(next, own, own, next, shape),
      bottomLater: combed(before, own, before, own, shape) + combed(own, next, own, next, shape),
      pixels: size,
    };
  }
}

/** Combed pixels in the even lines of `top` woven with the odd ones of `bottom`, where `from` and `to` differ. */
function combed(
  top: Uint8Array,
  bottom: Uint8Array,
  from: Uint8Array,
  to: Uint8Array,
  { width, height }: { readonly width: number; readonly height: number },
): number {
  let count = 0;
  for (let y = 2; y < height - 2; y += 1) {
    const own = y % 2 === 0 ? top : bottom;
    const other = y % 2 === 0 ? bottom : top;
    for (let at = y * width; at < (y + 1) * width; at += 1) {
      const c = own[at]!;
      const up = c - other[at - width]!;
      const down = c - other[at + width]!;
      const isLine =
        (up > COMB_LEVEL && down > COMB_LEVEL) || (up < -COMB_LEVEL && down < -COMB_LEVEL);
      if (!isLine) continue;
      const isMoving =
        Math.abs(from[at]! - to[at]!) > MOTION_LEVEL ||
        Math.abs(from[at + width]! - to[at + width]!) > MOTION_LEVEL;
      if (!isMoving) continue;
      const spread = Math.abs(c - own[at - 2 * width]!) + Math.abs(c - own[at + 2 * width]!);
      if (2 * spread < Math.abs(up + down)) count += 1;
    }
  }
  return count;
}
