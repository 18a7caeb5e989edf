import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

export interface ProcessRow {
  readonly pid: number;
  readonly parent: number;
  readonly cpuSeconds: number;
  readonly command: string;
}

/** All processes below `pid`, with their command lines. */
export async function childrenOf(pid: number): Promise<ProcessRow[]> {
  const { stdout } = await run("ps", ["-e", "-o", "pid=,ppid=,times=,args=", "-ww"]);
  const rows = stdout.split("\n").flatMap((line): ProcessRow[] => {
    const match = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(.*)$/.exec(line);
    return match === null
      ? []
      : [
          {
            pid: Number(match[1]),
            parent: Number(match[2]),
            cpuSeconds: Number(match[3]),
            command: match[4] ?? "",
          },
        ];
  });
  const found = new Set([pid]);
  for (let before = 0; before !== found.size;) {
    before = found.size;
    for (const row of rows) if (found.has(row.parent)) found.add(row.pid);
  }
  found.delete(pid);
  return rows.filter((row) => found.has(row.pid));
}

/** Whether a process lives; a zombie does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
