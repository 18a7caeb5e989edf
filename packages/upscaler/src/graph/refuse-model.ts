import { UpreelError } from "@upreel/core";

export interface Refusal {
  readonly expected: string;
  readonly got: string;
  readonly cause?: unknown;
}

/** Throws `model_unusable`: `message` says what is wrong with the model, in words for its user. */
export function refuseModel(message: string, refusal: Refusal): never {
  throw new UpreelError("model_unusable", message, refusal);
}
