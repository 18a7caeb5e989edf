import type { Output } from "./profile.ts";

/** What of an output decides how fast it is made. */
export type OutputSize = Pick<
  Output,
  "inputWidth" | "inputHeight" | "width" | "height" | "encoder"
>;
