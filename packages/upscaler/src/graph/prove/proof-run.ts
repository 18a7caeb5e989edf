import { toUpreelError, type UpreelError } from "@upreel/core";
import { adaptModel } from "../adapt-model.ts";
import type { ModelDescription } from "../model-description.ts";
import type { ModelFacts, Ranges, SizeRule } from "../model-facts.ts";
import { refuseModel } from "../refuse-model.ts";
import { obeys } from "../size-rule.ts";
import { likeness, testPicture, type Planes } from "./test-picture.ts";

/**
 * Runs an adapted model once. May keep it loaded: the same `model` comes several times. Rejects when
 * the model cannot be loaded or run, or takes too long; the caller chooses the provider and the bounds.
 */
export type RunPlanes = (model: Uint8Array, input: Planes, signal: AbortSignal) => Promise<Planes>;

export interface Size {
  readonly height: number;
  readonly width: number;
}

/** A run that gave a picture. */
export interface Attempt {
  readonly input: Size;
  readonly output: Size;
  /** dB between the output and the input as a perfect network of this rule would upscale it. */
  likeness(rule: SizeRule): number;
}

type AttemptResult =
  | { readonly kind: "ran"; readonly attempt: Attempt }
  | { readonly kind: "failed"; readonly error: UpreelError };

/** Runs the test picture at a size of the caller's choice. */
export type Trial = (size: Size) => Promise<AttemptResult>;

export type TrialFacts = Ranges & Pick<ModelFacts, "order" | "isFreed">;

/** `bytes` are adapted once; every call of the trial runs them at another size. */
export function createTrial(
  bytes: Uint8Array,
  description: ModelDescription,
  facts: TrialFacts,
  run: RunPlanes,
  signal: AbortSignal,
): Trial {
  const unpadded = { scale: 1, trim: 0, trimEnd: 0, multiple: 1, remainder: 0, minimum: 1 };
  const model = adaptModel(bytes, description, { ...facts, ...unpadded });
  const { channels } = description;
  return async (input) => {
    signal.throwIfAborted();
    let planes: Planes;
    try {
      planes = await run(model, testPicture(channels, input.height, input.width), signal);
    } catch (cause) {
      signal.throwIfAborted();
      return { kind: "failed", error: toUpreelError(cause) };
    }
    const output = sizeOf(planes, channels);
    const attempt: Attempt = { input, output, likeness: (rule) => likeness(planes, rule) };
    return { kind: "ran", attempt };
  };
}

function sizeOf({ data, dims }: Planes, channels: number): Size {
  const [batch, planes, height = 0, width = 0] = dims;
  const isPicture =
    dims.length === 4 &&
    batch === 1 &&
    planes === channels &&
    data.length === channels * height * width;
  if (isPicture) return { height, width };
  return refuseModel("The model gives no picture", {
    expected: `[1,${channels},height,width]`,
    got: `[${dims.join(",")}]`,
  });
}

/** Whether the output has the size that the rule says. */
export const hasSizeOf = (rule: SizeRule, { input, output }: Attempt): boolean =>
  obeys(rule, { before: input.height, after: output.height }) &&
  obeys(rule, { before: input.width, after: output.width });

/** A flat grey picture has 15 dB, networks with a style of their own 23, plain ones more than 40. */
export const LEAST_LIKENESS_DB = 18;
