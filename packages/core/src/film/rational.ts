import { z } from "zod";

/** A fraction of two positive integers, for example a frame rate of 24000/1001. */
export const rationalSchema = z.object({ num: z.int().positive(), den: z.int().positive() });
export type Rational = z.infer<typeof rationalSchema>;

export const toNumber = (r: Rational): number => r.num / r.den;
export const formatRational = (r: Rational): string => `${r.num}/${r.den}`;

/** Parses ffprobe's `num/den` or `num:den`; undefined for `0/0`, `N/A` and anything not positive. */
export function parseRational(text: string | undefined): Rational | undefined {
  const match = /^(\d+)[/:](\d+)$/.exec(text ?? "");
  const num = Number(match?.[1]);
  const den = Number(match?.[2]);
  return Number.isSafeInteger(num) && Number.isSafeInteger(den) && num > 0 && den > 0
    ? { num, den }
    : undefined;
}
