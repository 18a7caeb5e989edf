import { reasonSchema, UpreelError, type Reason } from "@upreel/core";

/** A job whose gateway dies with it so often is not given to a further one. */
export const MOST_DEATHS = 2;
/** Jobs of each kind that are over and still remembered. */
export const MOST_OVER = 100;

export const CANCELLED: Reason = { code: "cancelled", message: "the job was cancelled" };
export const KILLS: Reason = {
  code: "worker_lost",
  message: `the job ended with its gateway ${MOST_DEATHS + 1} times`,
};

export const toError = ({ code, message, ...details }: Reason): UpreelError =>
  new UpreelError(code, message, details);

/** Why a job failed, from the one line that a queue keeps of it. */
export function readReason(line: string | undefined): Reason {
  if (line === undefined) return { code: "internal", message: "the job failed" };
  try {
    return reasonSchema.parse(JSON.parse(line));
  } catch {
    // Words of the queue itself: the one thing that it ends by itself is a job that was given too often.
    return line.includes("stalled") ? KILLS : { code: "internal", message: line };
  }
}
