import { setPriority } from "node:os";

/** What the kernel leaves, on a machine that is full, to a process behind all others: less than a tenth. */
const PATIENCE = 12;

/** How long what answers in `longestMs` by itself may take where it stands behind others: it must not be ended for that. */
export const patientMs = (longestMs: number, niceness: number | undefined): number =>
  niceness === undefined ? longestMs : PATIENCE * longestMs;

/** Lets a process stand behind others, as `nice` does; it may have ended already, or never have started. */
export function lowerPriority(pid: number | undefined, niceness: number | undefined): void {
  if (pid === undefined || niceness === undefined) return;
  try {
    setPriority(pid, niceness);
  } catch {
    // It is gone already.
  }
}
