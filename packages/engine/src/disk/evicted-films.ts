import { join } from "node:path";
import { fileIdentitySchema, profileSchema } from "@upreel/core";
import { JsonFile } from "@upreel/files";
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

/** Keeps them in memory and in `evicted.json` of the data folder; a damaged one is begun anew. */
export function keepEvictedFilms(dataDir: string, mostFilms = MOST_FILMS): EvictedFilms {
  const file = new JsonFile(join(dataDir, "evicted.json"), z.array(filmSchema), {
    ...{ isDurable: true, makesFolder: true },
  });
  let films: Promise<readonly EvictedFilm[]> | undefined;
  const known = (): Promise<readonly EvictedFilm[]> =>
    (films ??= file.readOrForget().then((found = []) => found));

  async function keep(next: readonly EvictedFilm[]): Promise<void> {
    films = Promise.resolve(next);
    await file.write([...next]);
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
