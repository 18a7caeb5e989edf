import type { ModelDescription } from "./model-description.ts";
import type { ModelFacts, SizeRule } from "./model-facts.ts";
import { firstLikeness, type TrialOf } from "./picture-likeness.ts";
import { createTrial, type RunPlanes, type Trial } from "./proof-run.ts";
import { proveOpen, type OpenFacts } from "./prove-open.ts";

export interface ProofOptions {
  /** Order of the channels of an RGB network: `rgb` unless the user says otherwise. */
  readonly order?: "rgb" | "bgr";
  readonly signal: AbortSignal;
}

/** Sides that networks are tried with; the first suits nearly all. */
const SIDES = [64, 72, 96, 128, 224] as const;
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
  return {
    ...seen.rule,
    multiple: 1,
    remainder: 0,
    minimum: 1,
    range: seen.range,
    order,
    isFreed: false,
  };
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
