import { mapPath } from "@upreel/core";
import type { JellyfinClient, PlayRule } from "@upreel/jellyfin";

const REMEMBERED_MS = 10 * 60_000;

/**
 * Tells in which library a file of Jellyfin's is, by the folders of the libraries. Asks nothing when
 * no rule names a library, or without a client; a server that does not answer counts as no library.
 */
export function createLibraryNames(
  client: JellyfinClient | undefined,
  rules: readonly Pick<PlayRule, "library">[],
): (path: string) => Promise<string | undefined> {
  let known: { readonly names: Promise<readonly NamedFolder[]>; readonly atMs: number } | undefined;
  const isNeeded = rules.some(({ library }) => library !== undefined);

  async function ask(from: JellyfinClient): Promise<readonly NamedFolder[]> {
    const libraries = await from.libraries();
    return libraries.flatMap(({ Name, Locations }) =>
      Locations.map((folder) => ({ name: Name, folder })),
    );
  }

  return async (path) => {
    if (client === undefined || !isNeeded) return undefined;
    if (known === undefined || performance.now() - known.atMs > REMEMBERED_MS) {
      const names = ask(client);
      known = { names, atMs: performance.now() };
      names.catch(() => (known = undefined));
    }
    const folders = await known.names.catch(() => []);
    return folders.find(({ folder }) => mapPath([{ from: folder, to: "/" }], path).by !== undefined)
      ?.name;
  };
}

interface NamedFolder {
  readonly name: string;
  /** As Jellyfin names it. */
  readonly folder: string;
}
