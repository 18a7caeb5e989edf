import { mkdtemp, readdir, rm } from "node:fs/promises";
import { join } from "node:path";

/**
 * Makes a folder of this process below `parent`, `<prefix><process id>-…`, for files that are not to outlive the process.
 * The caller deletes it; folders of this prefix that killed processes left behind are deleted first.
 */
export async function makeScratchFolder(parent: string, prefix: string): Promise<string> {
  await sweep(parent, prefix);
  return await mkdtemp(join(parent, `${prefix}${process.pid}-`));
}

async function sweep(parent: string, prefix: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const pid = name.startsWith(prefix)
      ? /^(\d+)-/.exec(name.slice(prefix.length))?.[1]
      : undefined;
    if (pid === undefined || isAlive(Number(pid))) continue;
    // A folder of another user is not ours to delete.
    await rm(join(parent, name), { recursive: true, force: true }).catch(() => undefined);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: the process lives, and belongs to another user.
    return !(error instanceof Error && "code" in error && error.code === "ESRCH");
  }
}
