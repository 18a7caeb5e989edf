import { setPriority } from "node:os";

/** On a busy machine the kernel leaves less than a tenth to a process that stands behind all others. */
const PATIENCE = 12;

/** The time limit of a process that by itself takes `longestMs` at most: longer if it stands behind others. */
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
