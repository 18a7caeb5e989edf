import { UpreelError } from "@upreel/core";

export interface Refusal {
  readonly expected: string;
  readonly got: string;
  readonly cause?: unknown;
}

/** Throws `model_unusable`: `message` says what is wrong with the model, in words for its user. */
export function refuseModel(message: string, { expected, got, cause }: Refusal): never {
  const details = { expected: printable(expected), got: printable(got), cause };
  throw new UpreelError("model_unusable", printable(message), details);
}

const LONGEST = 500;

/** Names in a damaged or hostile file may be anything, and these texts go into logs and pages. */
function printable(text: string): string {
  const line = text.replaceAll(/[\p{Cc}\p{Cf}\uFFFD\s]+/gu, " ").trim();
  return line.length <= LONGEST ? line : `${line.slice(0, LONGEST)}…`;
}
