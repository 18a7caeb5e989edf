import type { SizeRule } from "./model-facts.ts";

const LARGEST_SCALE = 8;

/** A side in pixels before and after the network. */
export interface SidePair {
  readonly before: number;
  readonly after: number;
}

/** The size rules that one pair agrees with: several, as what is lost is not known. */
export function possibleRules(side: SidePair): readonly SizeRule[] {
  const scales = Array.from({ length: LARGEST_SCALE }, (_, index) => index + 1);
  return scales.flatMap((scale) => ruleFor(side, scale) ?? []);
}

/** The size rule for `scale`; undefined when more than half a side would be lost, or less than nothing. */
function ruleFor({ before, after }: SidePair, scale: number): SizeRule | undefined {
  const lost = scale * before - after;
  if (lost < 0 || lost > (scale * before) / 2) return undefined;
  const trim = Math.floor(lost / (2 * scale));
  return { scale, trim, trimEnd: Math.ceil(lost / scale) - trim };
}

/** The one rule that two different sides give; undefined when the scale is not a whole number of 1 to 8. */
export function ruleOf(small: SidePair, large: SidePair): SizeRule | undefined {
  const scale = (large.after - small.after) / (large.before - small.before);
  return Number.isInteger(scale) && scale >= 1 && scale <= LARGEST_SCALE
    ? ruleFor(small, scale)
    : undefined;
}

/** Pixels of a side that the rule gives whole; the network may give a part of one more. */
const sideAfter = (rule: SizeRule, before: number): number =>
  rule.scale * (before - rule.trim - rule.trimEnd);

/** Whether a side came out as long as the rule says. */
export const obeys = (rule: SizeRule, { before, after }: SidePair): boolean =>
  after >= sideAfter(rule, before) && after < sideAfter(rule, before) + rule.scale;
