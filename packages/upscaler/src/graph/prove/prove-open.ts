import type { ModelFacts, SizeRule } from "../model-facts.ts";
import { mustResemble, refuseSize } from "./picture-likeness.ts";
import { hasSizeOf, type Attempt, type Trial } from "./proof-run.ts";
import { refuseModel } from "../refuse-model.ts";
import { findMinimum, findMultiple } from "./size-limits.ts";
import { ruleOf } from "../size-rule.ts";

export type OpenFacts = SizeRule & Pick<ModelFacts, "multiple" | "remainder" | "minimum">;

/** The largest step between sizes that is looked for one by one. */
const LARGEST_STEP = 64;

/**
 * The size rule and limits of a network that takes any size, from `square`, a run that worked. When
 * `seeksStep`, sizes are tried one by one for a network that does not take twice the side.
 */
export async function proveOpen(
  trial: Trial,
  square: Attempt,
  seeksStep: boolean,
): Promise<OpenFacts> {
  const side = square.input.width;
  const wide = await nextWider(trial, side, seeksStep ? LARGEST_STEP : 0);
  const step = wide.input.width - side;
  const rule = ruleOf(
    { before: square.input.width, after: square.output.width },
    { before: wide.input.width, after: wide.output.width },
  );
  if (rule === undefined || !hasSizeOf(rule, square) || !hasSizeOf(rule, wide)) {
    return refuseSize(wide);
  }
  mustResemble({ rule, likeness: wide.likeness(rule) });
  // Where twice the side does not run, the first width that does gives the step.
  const grid =
    step === side
      ? { multiple: await findMultiple(trial, rule, side), remainder: 0 }
      : { multiple: step, remainder: side % step };
  return { ...rule, ...grid, minimum: await findMinimum(trial, rule, grid, side) };
}

/** Twice as wide; else, for networks whose sizes are not multiples, the next width that runs. */
async function nextWider(trial: Trial, side: number, largestStep: number): Promise<Attempt> {
  const double = await trial({ height: side, width: 2 * side });
  if (double.kind === "ran") return double.attempt;
  for (let step = 1; step <= largestStep; step++) {
    const result = await trial({ height: side, width: side + step });
    if (result.kind === "ran") return result.attempt;
  }
  return refuseModel("The model runs at one size only, though its file says any", {
    expected: `a second width, such as ${2 * side} pixels`,
    got: double.error.message,
    cause: double.error,
  });
}
