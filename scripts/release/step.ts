/** What came of one step of a release. `unreached`: whoever had to be asked did not answer. */
export type Outcome =
  | { readonly kind: "done"; readonly note: string }
  | { readonly kind: "failed"; readonly note: string }
  | { readonly kind: "unreached"; readonly note: string }
  | { readonly kind: "left_out"; readonly note: string };

export interface Step {
  readonly name: string;
  /** Left out with `--offline`. */
  readonly needsNetwork: boolean;
  readonly run: () => Promise<Outcome>;
}

export interface Report {
  /** One a step, and what all of them come to. */
  readonly lines: readonly string[];
  readonly exitCode: number;
}

const MARK = {
  done: "done",
  failed: "FAILED",
  unreached: "NOT DONE",
  left_out: "left out",
} as const;

/** Takes all steps, whatever comes of each; a release is good when none failed and none was out of reach. */
export async function takeSteps(
  steps: readonly Step[],
  { isOffline }: { readonly isOffline: boolean },
): Promise<Report> {
  const lines: string[] = [];
  let exitCode = 0;
  let isWhole = true;
  for (const { name, needsNetwork, run } of steps) {
    const outcome: Outcome =
      isOffline && needsNetwork
        ? { kind: "left_out", note: "needs the network; take this step before you publish" }
        : await run().catch((error: unknown) => ({ kind: "failed", note: String(error) }));
    lines.push(`${MARK[outcome.kind].padEnd(8)}  ${name}: ${outcome.note}`);
    if (outcome.kind === "left_out") isWhole = false;
    if (outcome.kind === "failed" || outcome.kind === "unreached") exitCode = 1;
  }
  lines.push(
    exitCode !== 0
      ? "release: not ready"
      : isWhole
        ? "release: ready"
        : "release: ready but for the steps that were left out",
  );
  return { lines, exitCode };
}
