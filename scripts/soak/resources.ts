import { readFile, readdir, readlink } from "node:fs/promises";
import { childrenOf } from "../../tests/support/processes.ts";

/** Proportional set size: shared libraries count once over all their users. */
async function pssMegabytes(pid: number): Promise<number> {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, "utf8").catch(() => "");
  return Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? 0) / 1024;
}

/** Of a process and all below it. */
export async function treeMegabytes(pid: number): Promise<number> {
  const pids = [pid, ...(await childrenOf(pid)).map((row) => row.pid)];
  const sizes = await Promise.all(pids.map(pssMegabytes));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Open files, pipes and sockets of a process, by what they are open on. */
export async function openHandles(pid: number): Promise<string[]> {
  const names = await readdir(`/proc/${pid}/fd`).catch(() => []);
  return Promise.all(
    names.map((name) => readlink(`/proc/${pid}/fd/${name}`).catch(() => "closed meanwhile")),
  );
}

export const percentile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(values.length * share) - 1)] ?? Number.NaN;
