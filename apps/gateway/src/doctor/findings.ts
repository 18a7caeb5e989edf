/** One thing that was looked at: what was found, in plain words, and what mends it. */
export interface Finding {
  readonly what: string;
  readonly verdict: "good" | "warning" | "bad";
  readonly message: string;
  /** A command or a setting that mends it. */
  readonly mend?: string;
}
