import type { UpreelError } from "@upreel/core";
import type { Ranges, SizeRule } from "../model-facts.ts";
import { hasSizeOf, LEAST_LIKENESS_DB, type Attempt, type Size, type Trial } from "./proof-run.ts";
import { refuseModel } from "../refuse-model.ts";
import { possibleRules } from "../size-rule.ts";

/**
 * By how much 0–255 must be better than 0–1, which nearly all networks have. In the wrong range their
 * biases count for nothing, so some that sharpen look more alike there: by up to 8.5 dB among 159
 * public networks of 0 to 1. Networks of 0 to 255 give pictures beyond all bounds in the other one.
 */
const RANGE_MARGIN_DB = 15;

/** What there is to choose from. */
export interface RangeChoice {
  /** The first of them unless another is clearly better. */
  readonly usual: readonly Ranges[];
  /** The likeliest of these where with none of the usual ones the output resembles the input. */
  readonly unusual: readonly Ranges[];
}

/** A run whose output looks like its input. */
export interface Seen {
  readonly ranges: Ranges;
  readonly attempt: Attempt;
  readonly rule: SizeRule;
  readonly likeness: number;
}

/** Runs the first size that works in the ranges of `choice` and decides for one by how the output looks. */
export async function firstLikeness(
  trialOf: (ranges: Ranges) => Trial,
  { usual, unusual }: RangeChoice,
  sizes: readonly Size[],
): Promise<Seen> {
  let error: UpreelError | undefined;
  const usualTrials = usual.map((ranges) => ({ ranges, trial: trialOf(ranges) }));
  const seeAll = async (trials: typeof usualTrials, size: Size): Promise<Seen[]> => {
    const seen: Seen[] = [];
    for (const { ranges, trial } of trials) {
      const result = await trial(size);
      if (result.kind === "ran") seen.push(see(ranges, result.attempt));
      else error = result.error;
    }
    return seen;
  };
  for (const size of sizes) {
    const seen = await seeAll(usualTrials, size);
    if (seen.length === 0) continue;
    const likely = seen.reduce(moreLikely);
    if (likely.likeness >= LEAST_LIKENESS_DB) return likely;
    const unusualTrials = unusual.map((ranges) => ({ ranges, trial: trialOf(ranges) }));
    const others = await seeAll(unusualTrials, size);
    return mustResemble([likely, ...others].reduce(moreAlike));
  }
  return refuseModel("The model cannot be run", {
    expected: `a network that takes ${sizes.map((s) => `${s.width}×${s.height}`).join(" or ")} pixels`,
    got: error?.message ?? "no answer",
    cause: error,
  });
}

const moreAlike = (first: Seen, second: Seen): Seen =>
  second.likeness > first.likeness ? second : first;

function moreLikely(first: Seen, second: Seen): Seen {
  const isSure = first.likeness >= LEAST_LIKENESS_DB && second.ranges.range === 255;
  return isSure && second.likeness <= first.likeness + RANGE_MARGIN_DB
    ? first
    : moreAlike(first, second);
}

/** The most likely of the rules that the size of the output allows. */
function see(ranges: Ranges, attempt: Attempt): Seen {
  const { input, output } = attempt;
  let best: Seen | undefined;
  for (const rule of possibleRules({ before: input.width, after: output.width })) {
    if (!hasSizeOf(rule, attempt)) continue;
    const likeness = attempt.likeness(rule);
    if (best === undefined || likeness > best.likeness) best = { ranges, attempt, rule, likeness };
  }
  return best ?? refuseSize(attempt);
}

export const refuseSize = ({ input, output }: Attempt): never =>
  refuseModel("The model does not enlarge by a whole number", {
    expected: "an output of 1 to 8 times the size of the input, less a border",
    got: `${output.width}×${output.height} from ${input.width}×${input.height} pixels`,
  });

export function mustResemble<T extends Pick<Seen, "rule" | "likeness">>(seen: T): T {
  if (seen.likeness >= LEAST_LIKENESS_DB) return seen;
  return refuseModel("What the model gives does not look like what it was given", {
    expected: `the picture enlarged, at least ${LEAST_LIKENESS_DB} dB alike`,
    got: `${seen.likeness.toFixed(1)} dB at ×${seen.rule.scale}`,
  });
}
