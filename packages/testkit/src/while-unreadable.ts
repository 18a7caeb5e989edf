import { link, rename, symlink } from "node:fs/promises";

/**
 * Does `what` while nobody can read a file, as when a network disk fails: a link to itself is in its place (ELOOP). At no
 * moment is there no file, which would say something else.
 */
export async function whileUnreadable<T>(path: string, what: () => Promise<T>): Promise<T> {
  const [aside, loop] = [`${path}.aside`, `${path}.loop`];
  await link(path, aside);
  await symlink(path, loop);
  await rename(loop, path);
  try {
    return await what();
  } finally {
    await rename(aside, path);
  }
}
