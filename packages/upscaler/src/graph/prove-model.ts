import type { UpreelError } from "@upreel/core";
import type { ModelDescription } from "./model-description.ts";
import type { ModelFacts, SizeRule } from "./model-facts.ts";
import {
  createTrial,
  hasSizeOf,
  LEAST_LIKENESS_DB,
  type Attempt,
  type RunPlanes,
  type Size,
  type Trial,
} from "./proof-run.ts";
import { refuseModel } from "./refuse-model.ts";
import { findMinimum, findMultiple } from "./size-limits.ts";
import { possibleRules, ruleOf } from "./size-rule.ts";

export interface ProofOptions {
  /** Order of the channels of an RGB network: `rgb` unless the user says otherwise. */
  readonly order?: "rgb" | "bgr";
  readonly signal: AbortSignal;
}

/** Sides that networks are tried with; the first suits nearly all. */
const SIDES = [64, 72, 96, 128, 224] as const;
/** By how much 0–255 must be better than 0–1: a network without biases does not care. */
const RANGE_MARGIN_DB = 3;

type TrialOf = (range: 1 | 255, isFreed: boolean) => Trial;

/**
 * Finds out by running small pictures what a file does not say: about six runs of 64 × 64 pixels,
 * or two at a fixed size. Throws `model_unusable`, with the reason, for a network that does not run or
 * whose output is not its input upscaled. `description` is what describeModel says of `bytes`.
 */
export async function proveModel(
  bytes: Uint8Array,
  description: ModelDescription,
  run: RunPlanes,
  options: ProofOptions,
): Promise<ModelFacts> {
  const order = options.order ?? "rgb";
  const trialOf: TrialOf = (range, isFreed) =>
    createTrial(bytes, description, { range, order, isFreed }, run, options.signal);
  const { fixed } = description;
  const sizes =
    fixed === undefined ? SIDES.map((side) => ({ height: side, width: side })) : [fixed];
  const seen = await firstLikeness(description, trialOf, sizes);
  if (fixed === undefined) {
    const open = await proveOpen(trialOf(seen.range, false), seen.attempt.input.height);
    return { ...open, range: seen.range, order, isFreed: false };
  }
  const freed = await tryFreed(trialOf(seen.range, true), seen.rule, options.signal);
  if (freed !== undefined) return { ...freed, range: seen.range, order, isFreed: true };
  return { ...seen.rule, multiple: 1, minimum: 1, range: seen.range, order, isFreed: false };
}

interface Seen {
  readonly range: 1 | 255;
  readonly attempt: Attempt;
  readonly rule: SizeRule;
  readonly likeness: number;
}

/** Runs the first size that works in both ranges and takes the one whose output is more like its input. */
async function firstLikeness(
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

const refuseSize = ({ input, output }: Attempt): never =>
  refuseModel("The model does not enlarge by a whole number", {
    expected: "an output of 1 to 8 times the size of the input, less a border",
    got: `${output.width}×${output.height} from ${input.width}×${input.height} pixels`,
  });

function mustResemble(seen: Seen): Seen {
  if (seen.likeness >= LEAST_LIKENESS_DB) return seen;
  return refuseModel("What the model gives does not look like what it was given", {
    expected: `the picture enlarged, at least ${LEAST_LIKENESS_DB} dB alike`,
    got: `${seen.likeness.toFixed(1)} dB at ×${seen.rule.scale}`,
  });
}

type OpenFacts = SizeRule & Pick<ModelFacts, "multiple" | "minimum">;

/** The size rule and limits of a network that takes any size; one of `side` × `side` is known to run. */
async function proveOpen(trial: Trial, side: number): Promise<OpenFacts> {
  const attempts: Attempt[] = [];
  for (const width of [side, 2 * side]) {
    const result = await trial({ height: side, width });
    if (result.kind === "failed") throw result.error;
    attempts.push(result.attempt);
  }
  const [square, wide] = attempts as [Attempt, Attempt];
  const rule = ruleOf(
    { before: square.input.width, after: square.output.width },
    { before: wide.input.width, after: wide.output.width },
  );
  if (rule === undefined || !hasSizeOf(rule, square) || !hasSizeOf(rule, wide)) {
    return refuseSize(wide);
  }
  mustResemble({ range: 1, attempt: wide, rule, likeness: wide.likeness(rule) });
  const multiple = await findMultiple(trial, rule, side);
  return { ...rule, multiple, minimum: await findMinimum(trial, rule, multiple, side) };
}

/** A network without sizes of its own inside works at any, whatever its file says. */
async function tryFreed(
  trial: Trial,
  rule: SizeRule,
  signal: AbortSignal,
): Promise<OpenFacts | undefined> {
  try {
    const facts = await proveOpen(trial, SIDES[0]);
    const isSame = (["scale", "trim", "trimEnd"] as const).every((key) => facts[key] === rule[key]);
    return isSame ? facts : undefined;
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}
