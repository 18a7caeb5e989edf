import { statfs } from "node:fs/promises";
import { UpreelError, type RunOrder } from "@upreel/core";
import type { FfmpegProcess } from "@upreel/media";

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
  order: RunOrder,
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
  const isFull = await isDiskFull(order.folder);
  const error = new UpreelError(
    isFull ? "disk_full" : "encoder_failed",
    isFull
      ? `The disk is full: ${order.folder}`
      : `ffmpeg stopped encoding with ${order.output.encoder}`,
    {
      expected: "exit code 0 after the last picture",
      got: `${symptom}; ${describeExit(exit)}`,
      cause: exit,
    },
  );
  return { error, wasKilled: wasKilledByOthers(exit, isOurs) };
}

/** Less room than this, and ffmpeg's failed write was for want of room: it does not always say so. */
const FULL_BELOW_BYTES = 1024 * 1024;

/** False where nobody can tell, for example because the stream was removed. */
const isDiskFull = (folder: string): Promise<boolean> =>
  statfs(folder).then(
    ({ bavail, bsize }) => bavail * bsize < FULL_BELOW_BYTES,
    () => false,
  );
