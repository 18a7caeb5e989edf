/** A part of the day in minutes from midnight, local time; it may go over midnight. */
export interface Hours {
  readonly fromMinute: number;
  readonly toMinute: number;
}

const MINUTES_A_DAY = 24 * 60;

/** Reads `01:00-07:00`; `undefined` for anything else. */
export function parseHours(text: string): Hours | undefined {
  const [, ...parts] = /^\s*(\d\d?):(\d\d)\s*-\s*(\d\d?):(\d\d)\s*$/.exec(text) ?? [];
  const [a = NaN, b = NaN, c = NaN, d = NaN] = parts.map(Number);
  const [fromMinute, toMinute] = [a * 60 + b, c * 60 + d];
  const isTime = (minute: number): boolean => minute >= 0 && minute <= MINUTES_A_DAY;
  return b < 60 && d < 60 && isTime(fromMinute) && isTime(toMinute) && fromMinute !== toMinute
    ? { fromMinute, toMinute }
    : undefined;
}

/**
 * The night that `at` is in, named by the day on which it began; `undefined` outside of the hours.
 */
export function nightOf({ fromMinute, toMinute }: Hours, at: Date): string | undefined {
  const minute = at.getHours() * 60 + at.getMinutes();
  const isOverMidnight = fromMinute > toMinute;
  const isIn = isOverMidnight
    ? minute >= fromMinute || minute < toMinute
    : minute >= fromMinute && minute < toMinute;
  if (!isIn) return undefined;
  const begun = new Date(at);
  if (isOverMidnight && minute < toMinute) begun.setDate(begun.getDate() - 1);
  return `${begun.getFullYear()}-${begun.getMonth() + 1}-${begun.getDate()}`;
}
