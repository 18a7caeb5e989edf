import { readdir, readFile } from "node:fs/promises";

/** Of proc(5): clock ticks a second on every Linux that Node runs on. */
const TICKS = 100;

interface Row {
  readonly parent: number;
  /** Of it and its children that ended. */
  readonly ticks: number;
}

async function readRow(pid: number): Promise<Row | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  if (stat === "") return undefined;
  // The name, field 2, is in brackets and may hold anything.
  const fields = stat
    .slice(stat.lastIndexOf(")") + 2)
    .split(" ")
    .map(Number);
  const [, parent = 0] = fields;
  return { parent, ticks: fields.slice(11, 15).reduce((sum, each) => sum + each, 0) };
}

const secondsOf = (rows: readonly (Row | undefined)[]): number =>
  rows.reduce((sum, row) => sum + (row?.ticks ?? 0), 0) / TICKS;

/** This process and all below it, as `/proc` tells. */
export function createOwnProcesses() {
  let known: ReadonlySet<number> = new Set([process.pid]);
  return {
    /** Those that the last `look` found. */
    get pids(): ReadonlySet<number> {
      return known;
    },
    /** Seconds of processor of those that are known; one that was begun since counts with none. */
    async knownSeconds(): Promise<number> {
      return secondsOf(await Promise.all([...known].map(readRow)));
    },
    /** The same of all, found anew: each process of the machine is read. Undefined: no /proc. */
    async look(): Promise<number | undefined> {
      const rows = new Map<number, Row>();
      for (const name of await readdir("/proc").catch(() => [])) {
        const row = /^\d+$/.test(name) ? await readRow(Number(name)) : undefined;
        if (row !== undefined) rows.set(Number(name), row);
      }
      if (rows.size === 0) return undefined;
      const own = new Set([process.pid]);
      for (let before = 0; before !== own.size;) {
        before = own.size;
        for (const [pid, { parent }] of rows) if (own.has(parent)) own.add(pid);
      }
      known = own;
      return secondsOf([...own].map((pid) => rows.get(pid)));
    },
  };
}
