/** uint8 planes as they go into an adapted model or come out of it: dims are [1, channels, height, width]. */
export interface Planes {
  readonly data: Uint8Array;
  readonly dims: readonly number[];
}

/** A picture of `scale` × the size of the test picture, the first pixel of which shows pixel `trim`. */
export interface PictureView {
  readonly scale: number;
  readonly trim: number;
}

/** The test picture as it goes into a network. */
export function testPicture(channels: number, height: number, width: number): Planes {
  const data = new Uint8Array(channels * height * width);
  let at = 0;
  for (let channel = 0; channel < channels; channel++) {
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        data[at++] = Math.round(brightness(channel, column + 0.5, row + 0.5));
      }
    }
  }
  return { data, dims: [1, channels, height, width] };
}

/** Side of the square that repeats, in input pixels: any small picture has edges in it. */
const TILE = 24;
/** Softness of an edge, in input pixels: every scaler agrees on it. */
const EDGE = 0.75;

/**
 * The picture that proof runs are made with: a formula, so that what a perfect network would give is
 * known at any scale. Smooth waves and soft-edged discs, different in every plane, none near black or
 * white, so that nothing is clipped.
 */
function brightness(channel: number, x: number, y: number): number {
  const wave = 36 * Math.sin(x / 11 + channel) + 28 * Math.cos(y / 9 - 2 * channel);
  const fromCentre = Math.hypot((x % TILE) - TILE / 2, (y % TILE) - TILE / 2);
  const disc = 1 / (1 + Math.exp((fromCentre - 6 - channel) / EDGE));
  return 110 + wave + 50 * disc;
}

/** Input pixels at the border, where networks differ in what they see beyond the picture. */
const BORDER = 4;
/** Rows and columns that are compared, at most: large pictures are sampled. */
const SAMPLES = 256;

/** PSNR in dB between a network's output and the picture as a perfect network would upscale it. */
export function likeness(output: Planes, { scale, trim }: PictureView): number {
  const [, channels = 0, height = 0, width = 0] = output.dims;
  const border = BORDER * scale;
  const step = Math.max(1, Math.floor(Math.min(height, width) / SAMPLES));
  let [sum, count] = [0, 0];
  for (let row = border; row < height - border; row += step) {
    const y = (row + 0.5) / scale + trim;
    for (let column = border; column < width - border; column += step) {
      const x = (column + 0.5) / scale + trim;
      for (let channel = 0; channel < channels; channel++) {
        const got = output.data[(channel * height + row) * width + column] ?? 0;
        sum += (got - brightness(channel, x, y)) ** 2;
        count++;
      }
    }
  }
  return count === 0 ? 0 : 10 * Math.log10((255 ** 2 * count) / Math.max(sum, 1e-3));
}
