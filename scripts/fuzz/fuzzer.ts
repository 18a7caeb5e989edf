import type { Random } from "@upreel/testkit";

export interface FuzzOptions {
  readonly cases: number;
  /** The same cases for the same seed. */
  readonly random: Random;
}

/** Tries odd things at one part; gives one line for each that went wrong, with what brings it about. */
export type Fuzzer = (options: FuzzOptions) => Promise<readonly string[]>;
