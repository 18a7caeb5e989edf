import { randomBytes } from "node:crypto";
import { readFile, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { makeFolder, renameNew, replaceFile } from "@upreel/files";

/** The key of this installation's stream ids; made at the first start, readable by its owner alone. */
export async function readSecret(file: string): Promise<Uint8Array> {
  const found = (await readIfThere(file)) ?? Buffer.alloc(0);
  // An empty file is what a crash of the machine leaves: as a key it would be known to everybody.
  return found.length > 0 ? found : makeSecret(file);
}

const readIfThere = (file: string): Promise<Buffer | undefined> =>
  readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
    return undefined;
  });

async function makeSecret(file: string): Promise<Uint8Array> {
  const secret = randomBytes(32);
  await makeFolder(dirname(file));
  // An empty one stands in the way of nobody.
  if ((await readIfThere(file)) !== undefined) await rm(file, { force: true });
  const own = `${file}.${randomBytes(4).toString("hex")}`;
  await replaceFile(own, secret, { isDurable: true, mode: 0o600 });
  // Of two gateways that begin at the same moment, both take that of the first.
  if (!(await renameNew(own, file))) await rm(own, { force: true });
  return readFile(file);
}
