import type { ModelDescription } from "./model-description.ts";
import type { ModelFacts } from "./model-facts.ts";
import { firstLikeness, type Range } from "./picture-likeness.ts";
import { createTrial, type RunPlanes, type Trial } from "./proof-run.ts";
import { proveOpen } from "./prove-open.ts";
import { obeys } from "./size-rule.ts";

export interface ProofOptions {
  /** Order of the channels of an RGB network: `rgb` unless the user says otherwise. */
  readonly order?: "rgb" | "bgr" | undefined;
  /** The value of white, where the user knows better than a proof run. */
  readonly range?: Range | undefined;
  readonly signal: AbortSignal;
}

/** Sides that networks are tried with; the first suits nearly all. */
const SIDES = [64, 72, 96, 128, 224] as const;

/**
 * Finds out by running small pictures what a file does not say: about five runs of 64 × 64 pixels,
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
  const proof: Proof = {
    ranges: rangesOf(description, options.range),
    trialOf: (range, isFreed) =>
      createTrial(bytes, description, { range, order, isFreed }, run, options.signal),
  };
  const { fixed } = description;
  if (fixed === undefined) return { ...(await proveAnySize(proof, SIDES, false)), order };
  const freed = await tryFreed(proof, description, options.signal);
  return { ...(freed ?? (await proveFixed(proof, fixed))), order };
}

interface Proof {
  readonly ranges: readonly Range[];
  readonly trialOf: (range: Range, isFreed: boolean) => Trial;
}

type Facts = Omit<ModelFacts, "order">;

function rangesOf({ input, output }: ModelDescription, known: Range | undefined): readonly Range[] {
  if (known !== undefined) return [known];
  return input.type === "uint8" && output.type === "uint8" ? [255] : [1, 255];
}

async function proveAnySize(
  { ranges, trialOf }: Proof,
  sides: readonly number[],
  isFreed: boolean,
): Promise<Facts> {
  const squares = sides.map((side) => ({ height: side, width: side }));
  const { range, attempt } = await firstLikeness((r) => trialOf(r, isFreed), ranges, squares);
  // A network that is bound to a size after all would fail at every one of them.
  const open = await proveOpen(trialOf(range, isFreed), attempt, !isFreed);
  return { ...open, range, isFreed };
}

async function proveFixed(
  { ranges, trialOf }: Proof,
  size: { height: number; width: number },
): Promise<Facts> {
  const { range, rule } = await firstLikeness((r) => trialOf(r, false), ranges, [size]);
  return { ...rule, multiple: 1, remainder: 0, minimum: 1, range, isFreed: false };
}

/**
 * A network without sizes of its own inside works at any, whatever its file says. Tried first, as its
 * own size may be a whole frame.
 */
async function tryFreed(
  proof: Proof,
  { fixed }: ModelDescription,
  signal: AbortSignal,
): Promise<Facts | undefined> {
  try {
    const facts = await proveAnySize(proof, [SIDES[0]], true);
    const { height = 0, width = 0, outHeight, outWidth } = fixed ?? {};
    const isSame =
      (outHeight === undefined || obeys(facts, { before: height, after: outHeight })) &&
      (outWidth === undefined || obeys(facts, { before: width, after: outWidth }));
    return isSame ? facts : undefined;
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}
