import type { Watermark } from "@upreel/engine";

const UNITS = { MB: 1e6, GB: 1e9, TB: 1e12 } as const;
const SIZE = /^(\d+(?:\.\d+)?)\s*(MB|GB|TB)$/i;
const SHARE = /^(\d+(?:\.\d+)?)\s*%$/;

/** Bytes of `500GB`; undefined for anything else. */
export function parseSize(text: string): number | undefined {
  const [, number, unit] = SIZE.exec(text.trim()) ?? [];
  if (number === undefined || unit === undefined) return undefined;
  return Math.round(Number(number) * UNITS[unit.toUpperCase() as keyof typeof UNITS]);
}

/** `95%`: of the disk is used. `2GB`: is left free. Undefined for anything else. */
export function parseWatermark(text: string): Watermark | undefined {
  const percent = Number(SHARE.exec(text.trim())?.[1] ?? Number.NaN);
  if (percent > 0 && percent <= 100) return { kind: "used", share: percent / 100 };
  const bytes = parseSize(text);
  return bytes === undefined ? undefined : { kind: "free", bytes };
}
