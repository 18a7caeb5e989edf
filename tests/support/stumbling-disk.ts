import { execFile, fork } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/** A read-only disk that shows a folder, and fails when it is told to. */
export interface StumblingDisk extends AsyncDisposable {
  /** From now on: reads fail, everything fails as on a lost connection, or nothing is answered. */
  become(health: "well" | "failing" | "gone" | "hanging"): Promise<void>;
}

/** Whether this machine can have one: the kernel's FUSE, and the right to mount. */
export const canStumble = existsSync("/dev/fuse") && process.getuid?.() === 0;

const PROCESS = fileURLToPath(new URL("stumbling-disk-process.ts", import.meta.url));

export async function mountStumblingDisk(
  folder: string,
  mountPoint: string,
): Promise<StumblingDisk> {
  await mkdir(mountPoint, { recursive: true });
  const disk = fork(PROCESS, [folder, mountPoint], { stdio: "inherit" });
  await once(disk, "message");
  return {
    async become(health) {
      const told = once(disk, "message");
      disk.send(health);
      await told;
    },
    async [Symbol.asyncDispose]() {
      const exited = once(disk, "exit");
      // Its end aborts the connection: whoever still waits for an answer gets ENOTCONN.
      disk.kill("SIGKILL");
      await exited;
      await promisify(execFile)("umount", ["-l", mountPoint]);
    },
  };
}
