import type { Log } from "@upreel/core";

/** A library of Jellyfin's. */
interface Library {
  readonly id: string;
  readonly name: string;
}

/** Libraries in which Jellyfin does not store segments, so that it is neither asked nor told of for each of their films. */
export interface Refusals {
  /** Several of its films were refused, and none was taken since: others would be refused as well. */
  isResting(library: Library): boolean;
  noteTaken(library: Library): void;
  note(library: Library, path: string, why: string): void;
}

/** One film may be refused for what it is; who refuses two, one after the other, refuses the library. */
const OF_A_LIBRARY = 2;

/**
 * Where the provider of Jellyfin's plugin is switched off for a library, Jellyfin stores segments and does not show them, so that
 * they are stored again with the ids that are there: it answers 500 to each of them.
 */
export function createRefusals({
  restMs,
  log,
  nowMs,
}: {
  readonly restMs: number;
  readonly log: Pick<Log, "warn" | "debug">;
  readonly nowMs: () => number;
}): Refusals {
  const refused = new Map<string, { readonly paths: Set<string>; lastMs: number }>();
  return {
    isResting({ id }) {
      const known = refused.get(id);
      if (known === undefined || known.paths.size < OF_A_LIBRARY) return false;
      return nowMs() - known.lastMs < restMs;
    },
    noteTaken: ({ id }) => void refused.delete(id),
    note({ id, name }, path, why) {
      const known = refused.get(id);
      const { paths } = known ?? { paths: new Set<string>() };
      // The second film already puts the library to rest: no more of them are remembered.
      if (paths.size < OF_A_LIBRARY) paths.add(path);
      refused.set(id, { paths, lastMs: nowMs() });
      const what = `Intros and credits of ${path} are not in Jellyfin: ${why}`;
      if (known !== undefined) return log.debug(what);
      log.warn(
        `${what}. If this happens to each film of the library ${name}, switch on its segment provider "MediaSegments API" in Jellyfin`,
      );
    },
  };
}
