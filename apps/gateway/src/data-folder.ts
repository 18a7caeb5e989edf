import { constants } from "node:fs";
import { access, mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { UpreelError } from "@upreel/core";

/** Makes the data folder. Throws `invalid_config` where this user may not write in it. */
export async function makeDataFolder(dataDir: string): Promise<void> {
  try {
    await makeFolder(dataDir);
    await access(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw new UpreelError("invalid_config", `cannot keep anything in ${dataDir}`, {
      expected: "DATA_DIR to be a folder that this user may write in",
      got: cause instanceof Error ? cause.message : String(cause),
      cause,
    });
  }
}

/**
 * Makes `path` and the folders above it. Node's own `recursive` tries for ever where a folder that is
 * there says ENOENT to a new one, as /proc does.
 */
async function makeFolder(path: string): Promise<void> {
  try {
    await access(path);
    return;
  } catch {
    if (dirname(path) !== path) await makeFolder(dirname(path));
  }
  await mkdir(path).catch((error: NodeJS.ErrnoException) => {
    // Somebody else was quicker.
    if (error.code !== "EEXIST") throw error;
  });
}
