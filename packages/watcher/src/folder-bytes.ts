import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import { errnoOf } from "@upreel/files";

/** Bytes on disk below `path`, links not followed; 0 when there is nothing. */
export async function bytesBelow(path: string): Promise<number> {
  try {
    const found = await lstat(path);
    if (!found.isDirectory()) return found.size;
    let bytes = 0;
    for (const name of await readdir(path)) bytes += await bytesBelow(join(path, name));
    return bytes;
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return 0;
    throw error;
  }
}
