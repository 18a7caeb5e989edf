import { readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileIdentitySchema, profileSchema } from "@upreel/core";
import { makeFolder } from "@upreel/watcher";
import { z } from "zod";

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

/** Keeps them in memory and in `evicted.json` of the data folder. */
export function keepEvictedFilms(dataDir: string, mostFilms = MOST_FILMS): EvictedFilms {
  const path = join(dataDir, "evicted.json");
  let films: Promise<readonly EvictedFilm[]> | undefined;
  let written: Promise<void> = Promise.resolve();
  const known = (): Promise<readonly EvictedFilm[]> => (films ??= readFilms(path));

  async function keep(next: readonly EvictedFilm[]): Promise<void> {
    films = Promise.resolve(next);
    // One after the other: they share a temporary name.
    const done = written.then(() => writeFilms(path, next));
    written = done.catch(() => undefined);
    await done;
  }

  return {
    async note(film) {
      const others = (await known()).filter(({ id }) => id !== film.id);
      await keep([...others, filmSchema.parse(film)].slice(-mostFilms));
    },
    async forget(id) {
      const all = await known();
      const others = all.filter((film) => film.id !== id);
      if (others.length < all.length) await keep(others);
    },
    find: async (id) => (await known()).find((film) => film.id === id),
  };
}

/** A file that cannot be read is begun anew: what is lost is a convenience. */
const readFilms = (path: string): Promise<readonly EvictedFilm[]> =>
  readFile(path, "utf8")
    .then((text) => z.array(filmSchema).parse(JSON.parse(text)))
    .catch(() => []);

async function writeFilms(path: string, films: readonly EvictedFilm[]): Promise<void> {
  await makeFolder(dirname(path));
  await writeFile(`${path}.part`, JSON.stringify(films));
  await rename(`${path}.part`, path);
}
