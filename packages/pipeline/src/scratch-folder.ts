import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const NAME = /^upreel-run-(\d+)-/;

/**
 * A folder for the pipes of one run, in the system's temporary one: the disk of the data may know no
 * FIFOs. What workers that were killed have left there is deleted first.
 */
export async function makeScratchFolder(): Promise<string> {
  await sweep(tmpdir());
  return await mkdtemp(join(tmpdir(), `upreel-run-${process.pid}-`));
}

async function sweep(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const pid = NAME.exec(name)?.[1];
    if (pid === undefined || isAlive(Number(pid))) continue;
    // Another user's is not ours to delete.
    await rm(join(folder, name), { recursive: true, force: true }).catch(() => undefined);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, as another user.
    return !(error instanceof Error && "code" in error && error.code === "ESRCH");
  }
}
