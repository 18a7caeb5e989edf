import { fileURLToPath } from "node:url";
import { stillOutcomeSchema, UpreelError, type StillOrder } from "@upreel/core";
import { runToEnd } from "@upreel/processes";

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
  const { answer, isTimedOut, how } = await runToEnd(
    {
      command: [process.execPath, script, ffmpeg, JSON.stringify(order)],
      signal,
      stderr: "ignore",
    },
    { longestMs: LONGEST_MS, schema: stillOutcomeSchema },
  );
  if (isTimedOut) {
    throw new UpreelError("timeout", "the picture took too long", {
      expected: `at most ${LONGEST_MS / 1000} s`,
      got: "no end",
    });
  }
  if (answer === undefined) {
    throw new UpreelError("worker_lost", "the process that makes the picture is gone", {
      expected: "a picture",
      got: how,
    });
  }
  if (answer.outcome === "made") return answer.inferenceMs;
  const { code, message, ...details } = answer.reason;
  throw new UpreelError(code, message, details);
}
