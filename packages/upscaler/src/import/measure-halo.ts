import type { RunPlanes } from "../graph/prove/proof-run.ts";
import type { Planes } from "../graph/prove/test-picture.ts";
import type { SizeRule } from "../graph/model-facts.ts";

export interface HaloTrial {
  readonly model: Uint8Array;
  readonly channels: number;
  readonly rule: SizeRule;
  /** What is cut out of the picture: the size that the network is bound to, or any. */
  readonly width: number;
  readonly height: number;
}

/** Pixels that differ by no more than this on both sides of a seam do not show. */
const INVISIBLE_LEVELS = 1;

/**
 * How many input pixels from the border of its picture a network's output is that of a larger picture:
 * two cuts of one noisy picture, half a side apart, are compared where they overlap. At most a quarter
 * of the side, so that tiles stay worth while; networks that look at the whole picture have that.
 */
export async function measureHalo(
  trial: HaloTrial,
  run: RunPlanes,
  signal: AbortSignal,
): Promise<number> {
  const { model, channels, rule, width, height } = trial;
  const [right, down] = [width >> 1, height >> 1];
  const first = await run(model, cut(trial, 0, 0), signal);
  const second = await run(model, cut(trial, right, down), signal);
  const [, , outHeight = 0, outWidth = 0] = first.dims;
  const { scale, trim } = rule;
  const most = Math.min(width, height) >> 2;
  let halo = Math.max(rule.trim, rule.trimEnd);
  for (let channel = 0; channel < channels; channel++) {
    for (let y = scale * down; y < outHeight; y++) {
      for (let x = scale * right; x < outWidth; x++) {
        const one = first.data[(channel * outHeight + y) * outWidth + x] ?? 0;
        const at = (channel * outHeight + y - scale * down) * outWidth + x - scale * right;
        if (Math.abs(one - (second.data[at] ?? 0)) <= INVISIBLE_LEVELS) continue;
        // Input pixels to the nearest border that one of the two has there and the other has not.
        const [column, row] = [Math.floor(x / scale) + trim, Math.floor(y / scale) + trim];
        const depth = Math.min(width - column, height - row, column - right + 1, row - down + 1);
        halo = Math.max(halo, depth);
      }
    }
  }
  return Math.min(most, halo);
}

/** A part of an endless picture of noise over slow waves. */
function cut({ channels, width, height }: HaloTrial, left: number, top: number): Planes {
  const data = new Uint8Array(channels * width * height);
  let at = 0;
  for (let channel = 0; channel < channels; channel++) {
    for (let y = top; y < top + height; y++) {
      for (let x = left; x < left + width; x++) {
        const noise = Math.imul(
          Math.imul(x + 1, 73_856_093) ^ Math.imul(y + 1, 19_349_663),
          83_492_791,
        );
        data[at++] =
          128 + 60 * Math.sin(x / 9 + channel) * Math.cos(y / 7) + ((noise >>> 24) >> 2) - 32;
      }
    }
  }
  return { data, dims: [1, channels, height, width] };
}
