import { strings } from "./strings.ts";

/** `1:02:03`, or `2:03` below an hour. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (n: number): string => String(n).padStart(2, "0");
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** A length of time in words that need no counting: `45 s`, `12 min`, `3 h 20 min`. */
export function span(seconds: number): string {
  const { second, minute, hour } = strings.units;
  if (seconds < 90) return `${Math.round(seconds)} ${second}`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${minutes} ${minute}`;
  const rest = minutes % 60;
  const hours = `${Math.floor(minutes / 60)} ${hour}`;
  return rest === 0 ? hours : `${hours} ${rest} ${minute}`;
}

/** With the decimal mark of the language. */
export const decimal = (value: number, digits: number): string =>
  value.toFixed(digits).replace(".", strings.units.point);

const UNITS = ["B", "kB", "MB", "GB", "TB"];

/** Decimal units, as disks are sold. */
export function bytes(count: number): string {
  const power = count < 1000 ? 0 : Math.min(4, Math.floor(Math.log10(count) / 3));
  const value = count / 1000 ** power;
  return `${decimal(value, value < 10 && power > 0 ? 1 : 0)} ${UNITS[power]}`;
}

export const percent = (ratio: number): string => {
  const value = ratio * 100;
  // 100 only when it is complete: 99.96 % is not finished.
  return `${decimal(Math.floor(value * 10) / 10, value >= 100 ? 0 : 1)} %`;
};

/** Texts of the gateway are written to go on in a sentence; names of programs stay as they are. */
export const sentence = (text: string): string => {
  const begun = text.replace(/^(?!ff)[a-z]/, (first) => first.toUpperCase());
  return /[.!?]$/.test(begun) ? begun : `${begun}.`;
};

/** Of a picture. In a text from right to left its numbers would change places. */
export const pictureSize = (width: number, height: number | null): string =>
  `\u2066${width}×${height}\u2069`;

/** Facts beside each other; where the line breaks, the next one begins with a fact and not with its dot. */
export const factLine = (facts: readonly string[]): string => facts.join("\u00a0· ");

/** `1.32×`. */
export const times = (factor: number): string => `${decimal(factor, factor < 10 ? 2 : 1)}×`;
