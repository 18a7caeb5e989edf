import { rename, rm, symlink } from "node:fs/promises";

/** Does `what` while nobody can read a file, as on a network that fails: it names itself (ELOOP). */
export async function whileUnreadable(path: string, what: () => Promise<void>): Promise<void> {
  const aside = `${path}.aside`;
  await rename(path, aside);
  await symlink(path, path);
  try {
    await what();
  } finally {
    await rm(path);
    await rename(aside, path);
  }
}
