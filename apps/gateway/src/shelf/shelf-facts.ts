import { join } from "node:path";
import { toUpreelError, type Log } from "@upreel/core";
import { JsonFile, makeFolder } from "@upreel/files";
import { glanceAtFilm } from "@upreel/media";
import PQueue from "p-queue";
import { z } from "zod";
import type { IndexedFilm } from "./film-index.ts";
import { createFilmPosters, type FilmPostersParts } from "./film-posters.ts";

const factsSchema = z.object({
  /** null: it could not be read as a film. */
  glance: z
    .object({
      durationSeconds: z.number().nullable(),
      width: z.int().positive(),
      height: z.int().positive(),
      rate: z.object({ num: z.int().positive(), den: z.int().positive() }),
    })
    .nullable(),
  hasPoster: z.boolean(),
  /** Which of Jellyfin's pictures that is; without one it is a picture of the film itself. */
  posterTag: z.string().optional(),
});
/** What was found in a film's file. */
export type ShelfFacts = z.infer<typeof factsSchema>;

/** Facts and pictures of films, kept in the data folder; made one after the other, behind all other work. */
export interface ShelfFactsKeeper {
  /** What is known; undefined until its file was looked into, which is begun. */
  of(film: IndexedFilm): ShelfFacts | undefined;
  /** The same without beginning anything. */
  known(id: string): ShelfFacts | undefined;
  posterPath(id: string): string;
}

interface FactsParts extends Omit<FilmPostersParts, "folderOf"> {
  readonly dataDir: string;
  readonly ffprobe: string;
  readonly log: Pick<Log, "debug">;
  readonly nowMs: () => number;
}

/** What is known of a film, and when Jellyfin was last asked whether its picture has changed. */
interface KnownFacts {
  readonly facts: ShelfFacts;
  readonly lookedAtMs: number;
}

/** Pages ask for fifty at a time; what nobody waits for any more goes. */
const MOST_WAITING = 200;
const MOST_KNOWN = 20_000;
const GLANCE_MS = 20_000;
/** How often Jellyfin's library, as it is known here, is asked whether a film's picture has changed. */
const FRESH_MS = 60_000;

export function keepShelfFacts(parts: FactsParts): ShelfFactsKeeper {
  const { log, nowMs, signal } = parts;
  const queue = new PQueue({ concurrency: 1 });
  const known = new Map<string, KnownFacts>();
  const waiting = new Set<string>();
  const folderOf = (id: string): string => join(parts.dataDir, "films", id);
  const fileOf = (id: string): JsonFile<ShelfFacts> =>
    new JsonFile(join(folderOf(id), "facts.json"), factsSchema, { isDurable: false });
  const posters = createFilmPosters({ ...parts, folderOf });

  async function find(film: IndexedFilm): Promise<KnownFacts> {
    const file = fileOf(film.id);
    const stored = await file.readOrForget();
    // Nobody waits for Jellyfin to learn what is known already.
    if (stored !== undefined) return { facts: stored, lookedAtMs: -Infinity };
    const glance = await glanceAtFilm(
      film.realPath,
      parts,
      AbortSignal.any([signal, AbortSignal.timeout(GLANCE_MS)]),
    ).catch((thrown: unknown) => {
      signal.throwIfAborted();
      const error = toUpreelError(thrown);
      // A disk that is away says nothing of the film: it is asked again later.
      if (error.code === "source_unavailable" || error.code === "timeout") throw error;
      return undefined;
    });
    await makeFolder(folderOf(film.id));
    const poster =
      glance === undefined
        ? { hasPoster: false }
        : await posters.make(film, glance.durationSeconds);
    const facts = { glance: glance ?? null, ...poster };
    await file.write(facts);
    return { facts, lookedAtMs: nowMs() };
  }

  async function lookAgain(film: IndexedFilm, { facts }: KnownFacts): Promise<KnownFacts> {
    const looked = { facts, lookedAtMs: nowMs() };
    // Noted before it can fail: who asks again at once does not have it tried again.
    known.set(film.id, looked);
    if (facts.glance === null) return looked;
    const poster = await posters.renew(film, facts.glance.durationSeconds, facts);
    if (poster.posterTag === facts.posterTag) return looked;
    const renewed = { ...facts, hasPoster: poster.hasPoster, posterTag: poster.posterTag };
    await fileOf(film.id).write(renewed);
    return { ...looked, facts: renewed };
  }

  function look(film: IndexedFilm): void {
    if (waiting.has(film.id) || waiting.size >= MOST_WAITING || signal.aborted) return;
    waiting.add(film.id);
    const before = known.get(film.id);
    void queue
      // What was asked for last is what is being looked at.
      .add(() => (before === undefined ? find(film) : lookAgain(film, before)), {
        priority: Math.floor(performance.now() / 500),
      })
      .then(
        (found) => {
          if (known.size >= MOST_KNOWN && !known.has(film.id)) known.clear();
          if (found !== undefined) known.set(film.id, found);
        },
        (thrown: unknown) => log.debug(`${film.path}: ${toUpreelError(thrown).message}`),
      )
      .finally(() => waiting.delete(film.id));
  }

  return {
    posterPath: (id) => posters.path(id),
    known: (id) => known.get(id)?.facts,
    of(film) {
      const now = known.get(film.id);
      if (now === undefined || nowMs() - now.lookedAtMs >= FRESH_MS) look(film);
      return now?.facts;
    },
  };
}
