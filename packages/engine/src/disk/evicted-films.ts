import { join } from "node:path";
import { fileIdentitySchema, profileSchema, type Leases } from "@upreel/core";
import { JsonFile } from "@upreel/files";
import PQueue from "p-queue";
import { z } from "zod";
import { aloneAmongGateways } from "./alone-among-gateways.ts";

const filmSchema = z.object({
  id: z.string(),
  title: z.string(),
  file: fileIdentitySchema,
  profile: profileSchema,
});
/** What a stream was that was deleted to make room: enough to make it again under its old id. */
export type EvictedFilm = z.infer<typeof filmSchema>;

/** Films whose work was deleted to make room; who comes with an old link gets them made again. */
export interface EvictedFilms {
  /** Known at once; on the disk when it settles. */
  readonly note: (film: EvictedFilm) => Promise<void>;
  /** Somebody deleted it by hand: it is not made again. */
  readonly forget: (id: string) => Promise<void>;
  readonly find: (id: string) => Promise<EvictedFilm | undefined>;
}

/** Some hundred bytes each; the oldest are forgotten. */
const MOST_FILMS = 1000;

/** What other gateways wrote is known after so long: players' requests ask. */
const KNOWN_MS = 1_000;

type Films = readonly EvictedFilm[];

/**
 * Keeps them in memory and in `evicted.json` of the data folder; a damaged one is begun anew. `leases`: where other gateways
 * keep theirs in the same file.
 */
export function keepEvictedFilms(
  dataDir: string,
  mostFilms = MOST_FILMS,
  leases?: Leases,
): EvictedFilms {
  const shared = leases?.isShared === true ? leases : undefined;
  const file = new JsonFile(join(dataDir, "evicted.json"), z.array(filmSchema), {
    ...{ isDurable: true, makesFolder: true },
  });
  let films: Promise<Films> | undefined;
  let readAtMs = 0;
  /** What a full disk did not take. */
  let unwritten: Films = [];

  async function read(): Promise<Films> {
    const found = (await file.readUnlessDamaged()) ?? [];
    return [...found.filter(({ id }) => unwritten.every((film) => film.id !== id)), ...unwritten];
  }

  function known(): Promise<Films> {
    const isOld = shared !== undefined && performance.now() - readAtMs > KNOWN_MS;
    if (films === undefined || isOld) {
      readAtMs = performance.now();
      // While the file cannot be read, only these are known.
      films = read().catch(() => unwritten);
    }
    return films;
  }

  async function keep(before: Films, next: Films): Promise<void> {
    if (next === before) return;
    films = Promise.resolve(next);
    unwritten = next.filter((film) => unwritten.includes(film) || !before.includes(film));
    await file.write([...next]);
    unwritten = [];
  }

  const changes = new PQueue({ concurrency: 1 });
  /** Changes run one after another, also those of other gateways. */
  function change(next: (films: Films) => Films): Promise<void> {
    const once = async (now: () => Promise<Films>): Promise<void> => {
      const before = await now();
      await keep(before, next(before));
    };
    return changes.add(() =>
      shared === undefined
        ? once(known)
        : aloneAmongGateways(shared, "evicted.json", () => once(read)),
    );
  }

  return {
    note: (film) =>
      change((all) =>
        [...all.filter(({ id }) => id !== film.id), filmSchema.parse(film)].slice(-mostFilms),
      ),
    forget: (id) =>
      change((all) =>
        all.some((film) => film.id === id) ? all.filter((film) => film.id !== id) : all,
      ),
    find: async (id) => (await known()).find((film) => film.id === id),
  };
}
