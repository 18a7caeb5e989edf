import type { SizeRule } from "../model-facts.ts";
import { hasSizeOf, LEAST_LIKENESS_DB, type Trial } from "./proof-run.ts";

/** Networks halve and double sizes, or work in windows of 8 or 16 pixels. */
const MULTIPLES = [1, 2, 4, 8, 16, 32] as const;
const MINIMUMS = [1, 4, 8, 16, 24, 32, 48] as const;

/** The smallest multiple at which odd multiples of it work as `rule` says; else `side`, which works. */
export async function findMultiple(trial: Trial, rule: SizeRule, side: number): Promise<number> {
  for (const multiple of MULTIPLES) {
    const size = { height: oddMultiple(multiple, 47), width: oddMultiple(multiple, 65) };
    const result = await trial(size);
    const works =
      result.kind === "ran" &&
      hasSizeOf(rule, result.attempt) &&
      result.attempt.likeness(rule) >= LEAST_LIKENESS_DB;
    if (works) return multiple;
  }
  return side;
}

/** The largest odd multiple of `multiple` that is not above `limit`, or `multiple` itself. */
const oddMultiple = (multiple: number, limit: number): number =>
  multiple * Math.max(1, 2 * Math.floor((limit / multiple - 1) / 2) + 1);

/** Sides that a network may take: a multiple plus a remainder. */
export interface SizeGrid {
  readonly multiple: number;
  readonly remainder: number;
}

/** The smallest side that works; `side`, which is known to, when no smaller one does. */
export async function findMinimum(
  trial: Trial,
  rule: SizeRule,
  { multiple, remainder }: SizeGrid,
  side: number,
): Promise<number> {
  const least = Math.max(rule.trim + rule.trimEnd, remainder) + 1;
  const sides = MINIMUMS.map((minimum) => {
    const steps = Math.ceil((Math.max(minimum, least) - remainder) / multiple);
    return remainder + multiple * steps;
  });
  for (const candidate of new Set(sides)) {
    if (candidate >= side) break;
    const result = await trial({ height: candidate, width: candidate });
    if (result.kind === "ran" && hasSizeOf(rule, result.attempt)) return candidate;
  }
  return side;
}
