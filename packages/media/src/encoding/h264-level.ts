import { toNumber, type Rational } from "@upreel/core";
import type { Size } from "../picture/picture-size.ts";

/** Table A-1 of H.264: each level times ten, with the most macroblocks in a picture and in a second. */
const LEVELS = [
  { level: 30, picture: 1_620, second: 40_500 },
  { level: 31, picture: 3_600, second: 108_000 },
  { level: 32, picture: 5_120, second: 216_000 },
  { level: 40, picture: 8_192, second: 245_760 },
  { level: 42, picture: 8_704, second: 522_240 },
  { level: 50, picture: 22_080, second: 589_824 },
  { level: 51, picture: 36_864, second: 983_040 },
  { level: 52, picture: 36_864, second: 2_073_600 },
  { level: 60, picture: 139_264, second: 4_177_920 },
  { level: 61, picture: 139_264, second: 8_355_840 },
];
const LARGEST_LEVEL = 62;

/**
 * The level that pictures of this size need, times ten, at least 30 (3.0). Encoders are told this level: by themselves they
 * would name the level of their highest rate, which only noise reaches.
 */
export function h264Level({ width, height }: Size, rate: Rational): number {
  const blocks = Math.ceil(width / 16) * Math.ceil(height / 16);
  const perSecond = blocks * toNumber(rate);
  const fits = LEVELS.find(({ picture, second }) => blocks <= picture && perSecond <= second);
  return fits?.level ?? LARGEST_LEVEL;
}

/** As ffmpeg takes it: `3.1`. */
export const levelText = (level: number): string => (level / 10).toFixed(1);
