import { UpreelError, type ResolvedRun } from "@upreel/core";
import { sourceUnavailable, unreadableLine, type FfmpegProcess } from "@upreel/media";
import { diskTrouble } from "./run-folder.ts";

const ENCODER_PATIENCE_MS = 1_000;

type Exit = Awaited<FfmpegProcess["exited"]>;

/** In words, with the end of what it said. */
export const describeExit = (exit: Exit): string =>
  `${exit.signal === undefined ? `exit code ${exit.exitCode}` : `killed by ${exit.signal}`}${
    exit.stderrTail === "" ? "" : `: ${exit.stderrTail}`
  }`;

/** Whether somebody else ended it; `isOurs`: this process did. */
export const wasKilledByOthers = (exit: Exit, isOurs = false): boolean =>
  !isOurs && exit.signal === "SIGKILL";

/** Why the encoder is gone; one that only stopped taking frames gets a moment to say so. */
export async function encoderFailure(
  order: ResolvedRun,
  encoder: FfmpegProcess,
  symptom: string,
): Promise<{ readonly error: UpreelError; readonly wasKilled: boolean }> {
  let isOurs = false;
  const patience = setTimeout(() => {
    isOurs = true;
    encoder.kill();
  }, ENCODER_PATIENCE_MS);
  const exit = await encoder.exited;
  clearTimeout(patience);
  const wasKilled = wasKilledByOthers(exit, isOurs);
  const line = unreadableLine(exit.stderrTail, order.source.path);
  if (line !== undefined) {
    return { error: sourceUnavailable(order.source.path, line), wasKilled: false };
  }
  const trouble = await diskTrouble(order.folder, exit.stderrTail);
  const error = new UpreelError(
    trouble?.code ?? "encoder_failed",
    trouble?.message ?? `ffmpeg stopped encoding with ${order.output.encoder}`,
    {
      expected: "exit code 0 after the last picture",
      got: `${symptom}; ${describeExit(exit)}`,
      cause: exit,
    },
  );
  return { error, wasKilled };
}
