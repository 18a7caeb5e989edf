import type { ModelDescription } from "../model-description.ts";
import type { ModelFacts, Range, Ranges } from "../model-facts.ts";
import { firstLikeness, type RangeChoice } from "./picture-likeness.ts";
import { createTrial, type RunPlanes, type Trial } from "./proof-run.ts";
import { proveOpen } from "./prove-open.ts";
import { obeys } from "../size-rule.ts";

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
    choice: rangeChoice(description, options.range),
    trialOf: (ranges, isFreed) =>
      createTrial(bytes, description, { ...ranges, order, isFreed }, run, options.signal),
  };
  const { fixed } = description;
  if (fixed === undefined) return { ...(await proveAnySize(proof, SIDES, false)), order };
  const freed = await tryFreed(proof, description, options.signal);
  return { ...(freed ?? (await proveFixed(proof, fixed))), order };
}

interface Proof {
  readonly choice: RangeChoice;
  readonly trialOf: (ranges: Ranges, isFreed: boolean) => Trial;
}

type Facts = Omit<ModelFacts, "order">;

/** Where black is −1: at both ends, or at the output alone (SRGAN). */
const SIGNED: readonly Ranges[] = [{ range: "signed" }, { range: 1, outputRange: "signed" }];
/** One end in bytes, as Keras users have it. */
const MIXED: readonly Ranges[] = [
  { range: 1, outputRange: 255 },
  { range: 255, outputRange: 1 },
];

function rangeChoice(
  { input, output, endsInTanh }: ModelDescription,
  known: Range | undefined,
): RangeChoice {
  if (known !== undefined) return { usual: [{ range: known }], unusual: [] };
  const isBytes = input.type === "uint8" && output.type === "uint8";
  if (isBytes) return { usual: [{ range: 255 }], unusual: [] };
  // −1 to 1 mostly passes for 0 to 1: where the end of the network suggests it, the likelier one is taken.
  return endsInTanh
    ? { usual: [{ range: 1 }, ...SIGNED], unusual: [{ range: 255 }, ...MIXED] }
    : { usual: [{ range: 1 }, { range: 255 }], unusual: [...MIXED, ...SIGNED] };
}

async function proveAnySize(
  { choice, trialOf }: Proof,
  sides: readonly number[],
  isFreed: boolean,
): Promise<Facts> {
  const squares = sides.map((side) => ({ height: side, width: side }));
  const { ranges, attempt } = await firstLikeness((r) => trialOf(r, isFreed), choice, squares);
  // A network that is bound to a size after all would fail at every one of them.
  const open = await proveOpen(trialOf(ranges, isFreed), attempt, !isFreed);
  return { ...open, ...ranges, isFreed };
}

async function proveFixed(
  { choice, trialOf }: Proof,
  size: { height: number; width: number },
): Promise<Facts> {
  const { ranges, rule } = await firstLikeness((r) => trialOf(r, false), choice, [size]);
  return { ...rule, multiple: 1, remainder: 0, minimum: 1, ...ranges, isFreed: false };
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
