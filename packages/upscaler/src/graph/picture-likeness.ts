import type { UpreelError } from "@upreel/core";
import type { ModelDescription } from "./model-description.ts";
import type { SizeRule } from "./model-facts.ts";
import { hasSizeOf, LEAST_LIKENESS_DB, type Attempt, type Size, type Trial } from "./proof-run.ts";
import { refuseModel } from "./refuse-model.ts";
import { possibleRules } from "./size-rule.ts";

export type TrialOf = (range: 1 | 255, isFreed: boolean) => Trial;

/** By how much 0–255 must be better than 0–1: a network without biases does not care. */
const RANGE_MARGIN_DB = 3;

/** A run whose output looks like its input. */
export interface Seen {
  readonly range: 1 | 255;
  readonly attempt: Attempt;
  readonly rule: SizeRule;
  readonly likeness: number;
}

/** Runs the first size that works in both ranges and takes the one whose output is more like its input. */
export async function firstLikeness(
  description: ModelDescription,
  trialOf: TrialOf,
  sizes: readonly Size[],
): Promise<Seen> {
  const [unit, byte] = [trialOf(1, false), trialOf(255, false)];
  const isByteOnly = description.input.type === "uint8" && description.output.type === "uint8";
  let error: UpreelError | undefined;
  for (const size of sizes) {
    const result = await unit(size);
    if (result.kind === "failed") {
      error = result.error;
      continue;
    }
    const asUnit = see(1, result.attempt);
    const other = isByteOnly ? undefined : await byte(size);
    const asByte = other?.kind === "ran" ? see(255, other.attempt) : undefined;
    const isByte = asByte !== undefined && asByte.likeness > asUnit.likeness + RANGE_MARGIN_DB;
    return mustResemble(isByte ? asByte : asUnit);
  }
  return refuseModel("The model cannot be run", {
    expected: `a network that takes ${sizes.map((s) => `${s.width}×${s.height}`).join(" or ")} pixels`,
    got: error?.message ?? "no answer",
    cause: error,
  });
}

/** The most likely of the rules that the size of the output allows. */
function see(range: 1 | 255, attempt: Attempt): Seen {
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
