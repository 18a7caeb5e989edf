import type { Rgb } from "./tone-map.ts";

/** Of 8-bit BT.709 in limited range. */
export function rgbOfYuv([y, u, v]: readonly [number, number, number]): Rgb {
  const [kr, kb] = [0.2126, 0.0722];
  const luma = (y - 16) / 219;
  const red = luma + (2 * (1 - kr) * (v - 128)) / 224;
  const blue = luma + (2 * (1 - kb) * (u - 128)) / 224;
  const green = (luma - kr * red - kb * blue) / (1 - kr - kb);
  const bound = (value: number): number => Math.min(1, Math.max(0, value));
  return [bound(red), bound(green), bound(blue)];
}

/** The largest CIEDE2000 of two lists of SDR colours. */
export const largestDifference = (a: readonly Rgb[], b: readonly Rgb[]): number =>
  Math.max(...a.map((colour, i) => difference(labOf(colour), labOf(b[i] ?? [0, 0, 0]))));

type Lab = readonly [number, number, number];

function labOf(colour: Rgb): Lab {
  const [r, g, b] = colour.map((value) =>
    value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4,
  ) as [number, number, number];
  const f = (t: number): number => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116);
  const x = f((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047);
  const y = f(0.2126 * r + 0.7152 * g + 0.0722 * b);
  const z = f((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

const DEGREE = Math.PI / 180;

/** Sharma, Wu, Dalal: The CIEDE2000 color-difference formula (2005). */
function difference([l1, a1, b1]: Lab, [l2, a2, b2]: Lab): number {
  const far = (chroma: number): number => Math.sqrt(chroma ** 7 / (chroma ** 7 + 25 ** 7));
  const stretch = 1.5 - 0.5 * far((Math.hypot(a1, b1) + Math.hypot(a2, b2)) / 2);
  const [c1, c2] = [Math.hypot(a1 * stretch, b1), Math.hypot(a2 * stretch, b2)];
  const hueOf = (a: number, b: number): number => (Math.atan2(b, a) / DEGREE + 360) % 360;
  const [h1, h2] = [hueOf(a1 * stretch, b1), hueOf(a2 * stretch, b2)];
  const isGrey = c1 * c2 === 0;
  const turn = isGrey ? 0 : ((h2 - h1 + 540) % 360) - 180;
  const hue = isGrey ? h1 + h2 : h1 + turn / 2;
  const [light, chroma] = [(l1 + l2) / 2, (c1 + c2) / 2];
  const t =
    1 -
    0.17 * Math.cos((hue - 30) * DEGREE) +
    0.24 * Math.cos(2 * hue * DEGREE) +
    0.32 * Math.cos((3 * hue + 6) * DEGREE) -
    0.2 * Math.cos((4 * hue - 63) * DEGREE);
  const dl = (l2 - l1) / (1 + (0.015 * (light - 50) ** 2) / Math.sqrt(20 + (light - 50) ** 2));
  const dc = (c2 - c1) / (1 + 0.045 * chroma);
  const dh = (2 * Math.sqrt(c1 * c2) * Math.sin((turn / 2) * DEGREE)) / (1 + 0.015 * chroma * t);
  const blue = ((((hue % 360) + 360) % 360) - 275) / 25;
  const rotation = -2 * far(chroma) * Math.sin(60 * DEGREE * Math.exp(-(blue ** 2)));
  return Math.sqrt(dl ** 2 + dc ** 2 + dh ** 2 + rotation * dc * dh);
}
