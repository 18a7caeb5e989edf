import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { UpreelError } from "@upreel/core";

/** What the folder of models takes: the files, what was made of them, and downloads under way. */
export async function modelBytes(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const sizes = entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      stat(join(entry.parentPath, entry.name)).then(
        ({ size }) => size,
        () => 0,
      ),
    );
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

/** The network as it is run lies beside the file. */
const COPIES = 2;

/** Throws `models_full` when `bytes` more would exceed the quota. */
export async function reserveSpace(
  folder: string,
  bytes: number,
  quotaBytes: number,
): Promise<void> {
  const used = await modelBytes(folder);
  if (used + COPIES * bytes <= quotaBytes) return;
  throw new UpreelError("models_full", "There is no room for another model", {
    expected: `at most ${mebibytes(quotaBytes)} in all (MODELS_QUOTA); delete models, or raise it`,
    got: `${mebibytes(used)}, and ${mebibytes(COPIES * bytes)} more`,
  });
}

const mebibytes = (bytes: number): string => `${Math.ceil(bytes / 2 ** 20)} MiB`;
