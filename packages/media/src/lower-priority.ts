import { setPriority } from "node:os";

/** Lets a process stand behind others, as `nice` does; it may have ended already, or never have started. */
export function lowerPriority(pid: number | undefined, niceness: number | undefined): void {
  if (pid === undefined || niceness === undefined) return;
  try {
    setPriority(pid, niceness);
  } catch {
    // It is gone already.
  }
}
