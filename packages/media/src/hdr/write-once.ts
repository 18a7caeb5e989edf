import { randomUUID } from "node:crypto";
import { open, rename, rm, stat, type FileHandle } from "node:fs/promises";

/** Makes sure that `path` is there, as a whole; what is in it follows from its name. */
export async function writeOnce(
  path: string,
  write: (file: FileHandle) => Promise<void>,
): Promise<void> {
  if (await stat(path).catch(() => undefined)) return;
  const temporary = `${path}.${randomUUID()}`;
  try {
    await using file = await open(temporary, "wx");
    await write(file);
    await rename(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
}
