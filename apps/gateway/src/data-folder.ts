import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { UpreelError } from "@upreel/core";
import { makeFolder } from "@upreel/files";

/** Makes the data folder. Throws `invalid_config` where this user may not write in it. */
export async function makeDataFolder(dataDir: string): Promise<void> {
  try {
    await makeFolder(dataDir);
    await access(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw new UpreelError("invalid_config", `cannot save anything in ${dataDir}`, {
      expected: "DATA_DIR to be a folder that this user may write in",
      got: cause instanceof Error ? cause.message : String(cause),
      cause,
    });
  }
}
