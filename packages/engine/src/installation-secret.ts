import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { makeFolder, replaceFile } from "@upreel/files";

/** The key of this installation's stream ids; made at the first start, readable by its owner alone. */
export async function readSecret(file: string): Promise<Uint8Array> {
  const found = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
    return Buffer.alloc(0);
  });
  // An empty file is what a crash of the machine leaves: as a key it would be known to everybody.
  return found.length > 0 ? found : makeSecret(file);
}

async function makeSecret(file: string): Promise<Uint8Array> {
  const secret = randomBytes(32);
  await makeFolder(dirname(file));
  await replaceFile(file, secret, { isDurable: true, mode: 0o600 });
  return secret;
}
