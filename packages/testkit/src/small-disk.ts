import { execFile } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A file system of a test's own; disposing unmounts it. */
export interface SmallDisk extends AsyncDisposable {
  setReadOnly(isReadOnly: boolean): Promise<void>;
}

/** Mounts a disk of some megabytes at `path`; undefined where this user may not mount anything. */
export async function mountSmallDisk(
  path: string,
  megabytes: number,
): Promise<SmallDisk | undefined> {
  await mkdir(path, { recursive: true });
  const mounted = await run("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m`, "none", path])
    .then(() => true)
    .catch(() => false);
  if (!mounted) return undefined;
  return {
    async setReadOnly(isReadOnly) {
      await run("mount", ["-o", `remount,${isReadOnly ? "ro" : "rw"}`, path]);
    },
    async [Symbol.asyncDispose]() {
      await run("umount", ["-l", path]);
    },
  };
}
