import { readFile, writeFile } from "node:fs/promises";

/**
 * The most memory in bytes that this process takes while `work` runs, beyond what it had before;
 * undefined where the system does not tell (all but Linux).
 */
export async function measureGrowth(work: () => Promise<void>): Promise<number | undefined> {
  // "5" makes the kernel forget the peak so far (proc(5), clear_refs).
  const canTell = await writeFile("/proc/self/clear_refs", "5").then(
    () => true,
    () => false,
  );
  const before = process.memoryUsage.rss();
  await work();
  if (!canTell) return undefined;
  const status = await readFile("/proc/self/status", "utf8").catch(() => "");
  const peakKib = Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]);
  return Number.isNaN(peakKib) ? undefined : Math.max(0, peakKib * 1024 - before);
}
