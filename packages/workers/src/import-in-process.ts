import { fileURLToPath } from "node:url";
import {
  faceTrialOutcomeSchema,
  importOutcomeSchema,
  joinOutcomeSchema,
  UpreelError,
  type ChannelOrder,
  type FaceTrial,
  type FaceWork,
  type ImportOutcome,
} from "@upreel/core";
import { runToEnd } from "@upreel/processes";
import type { z } from "zod";

/** A good network of 64 channels takes two seconds. */
const LONGEST_MS = 60_000;
/** JavaScript's part: the file, its weights decoded, the file again. */
const HEAP_MIB = 2_048;
/** All that the process may write to, ONNX Runtime included; the largest public network seen took 0.4 GiB. */
const DATA_KIB = 6 * 1024 * 1024;

/**
 * Runs `import-model.ts` on one file. Rejects with `timeout` or `model_unusable` when it ended without an
 * answer.
 */
export async function importInProcess(
  source: string,
  target: string,
  { order, signal }: { readonly order: ChannelOrder; readonly signal: AbortSignal },
): Promise<ImportOutcome> {
  return runBounded(
    new URL("../../../apps/worker/src/import-model.ts", import.meta.url),
    [source, target, order],
    importOutcomeSchema,
    signal,
  );
}

/**
 * Copies a model to `target` with the weights inside that it keeps in a second file beside it. Rejects as
 * `importInProcess` does, and with the reason when that cannot be done.
 */
export async function joinInProcess(
  source: string,
  target: string,
  signal: AbortSignal,
): Promise<void> {
  const outcome = await runBounded(
    new URL("../../../apps/worker/src/join-model.ts", import.meta.url),
    [source, target],
    joinOutcomeSchema,
    signal,
  );
  if (outcome.outcome === "joined") return;
  const { code, message, ...details } = outcome.reason;
  throw new UpreelError(code, message, details);
}

/** Tries networks for faces out. Rejects as `importInProcess` does, and with the reason why they cannot be used. */
export async function tryFacesInProcess(
  work: Omit<FaceWork, "strength">,
  signal: AbortSignal,
): Promise<FaceTrial> {
  const outcome = await runBounded(
    new URL("../../../apps/worker/src/try-faces.ts", import.meta.url),
    [JSON.stringify(work)],
    faceTrialOutcomeSchema,
    signal,
  );
  if (outcome.outcome === "works") return outcome.trial;
  const { code, message, ...details } = outcome.reason;
  throw new UpreelError(code, message, details);
}

/**
 * What one of the worker's scripts answers, bounded in time and memory: a bad model ends that process and
 * nothing else.
 */
async function runBounded<T>(
  script: URL,
  args: readonly string[],
  schema: z.ZodType<T>,
  signal: AbortSignal,
): Promise<T> {
  const node = [
    process.execPath,
    `--max-old-space-size=${HEAP_MIB}`,
    fileURLToPath(script),
    ...args,
  ];
  // Of the limits that a shell can set, the one on data segments alone is about memory in use.
  const bounded = `ulimit -d ${DATA_KIB} 2>/dev/null; exec "$0" "$@"`;
  const { answer, isTimedOut, exitCode, ...end } = await runToEnd(
    { command: ["sh", "-c", bounded, ...node], signal, stderr: "tail" },
    { longestMs: LONGEST_MS, schema },
  );
  if (answer !== undefined && exitCode === 0) return answer;
  if (isTimedOut) {
    throw new UpreelError("timeout", "Trying the model out took too long", {
      expected: `at most ${LONGEST_MS / 1_000} s for pictures of 200 pixels`,
      got: "no end",
    });
  }
  const lastLine = end.stderr.split("\n").at(-1)?.slice(0, 200) ?? "";
  throw new UpreelError("model_unusable", "The model crashed the process that tried it out", {
    expected: "a network that runs in 6 GiB of memory",
    got: lastLine === "" ? end.how : `${end.how}: ${lastLine}`,
  });
}
