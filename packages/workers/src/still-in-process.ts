import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { stillOutcomeSchema, UpreelError, type StillOrder } from "@upreel/core";

/** The slowest networks take ten seconds for a frame of a film in 1080p. */
const LONGEST_MS = 60_000;

/**
 * Makes one still in a process of its own, bounded in time; returns what the network took,
 * in milliseconds. `signal` kills it. Rejects with what it says, `timeout`, or `worker_lost`.
 */
export async function makeStillInProcess(
  ffmpeg: string,
  order: StillOrder,
  signal: AbortSignal,
): Promise<number | null> {
  const script = fileURLToPath(new URL("../../../apps/worker/src/make-still.ts", import.meta.url));
  const result = await execa(process.execPath, [script, ffmpeg, JSON.stringify(order)], {
    stdin: "ignore",
    timeout: LONGEST_MS,
    killSignal: "SIGKILL",
    cancelSignal: signal,
    reject: false,
  });
  signal.throwIfAborted();
  if (result.timedOut) {
    throw new UpreelError("timeout", "the picture took too long", {
      expected: `at most ${LONGEST_MS / 1000} s`,
      got: "no end",
    });
  }
  const outcome = stillOutcomeSchema.safeParse(parseJson(result.stdout));
  if (!outcome.success) {
    throw new UpreelError("worker_lost", "the process that makes the picture is gone", {
      expected: "a picture",
      got: result.signal === undefined ? `exit code ${result.exitCode}` : result.signal,
    });
  }
  if (outcome.data.outcome === "made") return outcome.data.inferenceMs;
  const { code, message, ...details } = outcome.data.reason;
  throw new UpreelError(code, message, details);
}

/** Drivers print, too: the last line is ours. */
function parseJson(stdout: string): unknown {
  try {
    return JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
  } catch {
    return undefined;
  }
}
