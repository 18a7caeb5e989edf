import type { UpreelError } from "@upreel/core";
import type { ModelFacts, SizeRule } from "./model-facts.ts";
import { hasSizeOf, LEAST_LIKENESS_DB, type Attempt, type Size, type Trial } from "./proof-run.ts";
import { refuseModel } from "./refuse-model.ts";
import { possibleRules } from "./size-rule.ts";

export type Range = ModelFacts["range"];

/**
 * By how much 0–255 must be better than 0–1, which nearly all networks have. In the wrong range their
 * biases count for nothing, so some that sharpen look more alike there: by up to 8.5 dB among 159
 * public networks of 0 to 1. Networks of 0 to 255 give pictures beyond all bounds in the other one.
 */
const RANGE_MARGIN_DB = 15;

/** A run whose output looks like its input. */
export interface Seen {
  readonly range: Range;
  readonly attempt: Attempt;
  readonly rule: SizeRule;
  readonly likeness: number;
}

/** Runs the first size that works in all `ranges` and decides for one by how the output looks. */
export async function firstLikeness(
  trialOf: (range: Range) => Trial,
  ranges: readonly Range[],
  sizes: readonly Size[],
): Promise<Seen> {
  const trials = ranges.map((range) => ({ range, trial: trialOf(range) }));
  let error: UpreelError | undefined;
  for (const size of sizes) {
    const seen: Seen[] = [];
    for (const { range, trial } of trials) {
      const result = await trial(size);
      if (result.kind === "ran") seen.push(see(range, result.attempt));
      else error = result.error;
    }
    const [first, second] = seen;
    if (first !== undefined) return mustResemble(moreLikely(first, second));
  }
  return refuseModel("The model cannot be run", {
    expected: `a network that takes ${sizes.map((s) => `${s.width}×${s.height}`).join(" or ")} pixels`,
    got: error?.message ?? "no answer",
    cause: error,
  });
}

function moreLikely(first: Seen, second: Seen | undefined): Seen {
  if (second === undefined) return first;
  const isRescued = first.likeness < LEAST_LIKENESS_DB && second.likeness > first.likeness;
  return isRescued || second.likeness > first.likeness + RANGE_MARGIN_DB ? second : first;
}

/** The most likely of the rules that the size of the output allows. */
function see(range: Range, attempt: Attempt): Seen {
  const { input, output } = attempt;
  let best: Seen | undefined;
  for (const rule of possibleRules({ before: input.width, after: output.width })) {
    if (!hasSizeOf(rule, attempt)) continue;
    const likeness = attempt.likeness(rule);
    if (best === undefined || likeness > best.likeness) best = { range, attempt, rule, likeness };
  }
  return best ?? refuseSize(attempt);
}

export const refuseSize = ({ input, output }: Attempt): never =>
  refuseModel("The model does not enlarge by a whole number", {
    expected: "an output of 1 to 8 times the size of the input, less a border",
    got: `${output.width}×${output.height} from ${input.width}×${input.height} pixels`,
  });

export function mustResemble(seen: Seen): Seen {
  if (seen.likeness >= LEAST_LIKENESS_DB) return seen;
  return refuseModel("What the model gives does not look like what it was given", {
    expected: `the picture enlarged, at least ${LEAST_LIKENESS_DB} dB alike`,
    got: `${seen.likeness.toFixed(1)} dB at ×${seen.rule.scale}`,
  });
}
