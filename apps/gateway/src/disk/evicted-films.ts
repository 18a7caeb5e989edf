import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileIdentitySchema, profileSchema } from "@upreel/core";
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
  readonly note: (film: EvictedFilm) => Promise<void>;
  readonly find: (id: string) => Promise<EvictedFilm | undefined>;
}

/** Some hundred bytes each; the oldest are forgotten. */
const MOST_FILMS = 1000;

/** Keeps them in `evicted.json` of the data folder. One call of `note` at a time. */
export function keepEvictedFilms(dataDir: string, mostFilms = MOST_FILMS): EvictedFilms {
  const path = join(dataDir, "evicted.json");
  // One that cannot be read is begun anew: what is lost is a convenience.
  const read = (): Promise<readonly EvictedFilm[]> =>
    readFile(path, "utf8")
      .then((text) => z.array(filmSchema).parse(JSON.parse(text)))
      .catch(() => []);
  return {
    async note(film) {
      const others = (await read()).filter(({ id }) => id !== film.id);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(`${path}.part`, JSON.stringify([...others, film].slice(-mostFilms)));
      await rename(`${path}.part`, path);
    },
    find: async (id) => (await read()).find((film) => film.id === id),
  };
}
