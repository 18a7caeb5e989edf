import { rename, stat } from "node:fs/promises";
import { join } from "node:path";
import { toUpreelError, type Log } from "@upreel/core";
import { JsonFile, makeFolder, replaceFile } from "@upreel/files";
import { glanceAtFilm, makePoster } from "@upreel/media";
import PQueue from "p-queue";
import { z } from "zod";
import type { IndexedFilm } from "./film-index.ts";

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

interface FactsParts {
  readonly dataDir: string;
  readonly ffmpeg: string;
  readonly ffprobe: string;
  /** A better picture than one of the film's own; undefined: there is none. */
  readonly posterOf: (film: IndexedFilm, signal: AbortSignal) => Promise<Uint8Array | undefined>;
  readonly log: Pick<Log, "debug">;
  readonly signal: AbortSignal;
}

/** Pages ask for fifty at a time; what nobody waits for any more goes. */
const MOST_WAITING = 200;
const MOST_KNOWN = 20_000;
const GLANCE_MS = 20_000;

export function keepShelfFacts(parts: FactsParts): ShelfFactsKeeper {
  const queue = new PQueue({ concurrency: 1 });
  const known = new Map<string, ShelfFacts>();
  const waiting = new Set<string>();
  const folderOf = (id: string): string => join(parts.dataDir, "films", id);
  const posterPath = (id: string): string => join(folderOf(id), "poster.jpg");

  async function find(film: IndexedFilm): Promise<ShelfFacts> {
    const file = new JsonFile(join(folderOf(film.id), "facts.json"), factsSchema, {
      isDurable: false,
    });
    const stored = await file.readOrForget();
    if (stored !== undefined) return stored;
    const glance = await glanceAtFilm(
      film.realPath,
      parts,
      AbortSignal.any([parts.signal, AbortSignal.timeout(GLANCE_MS)]),
    ).catch((thrown: unknown) => {
      parts.signal.throwIfAborted();
      const error = toUpreelError(thrown);
      // A disk that is away says nothing of the film: it is asked again later.
      if (error.code === "source_unavailable" || error.code === "timeout") throw error;
      return undefined;
    });
    await makeFolder(folderOf(film.id));
    const hasPoster = glance !== undefined && (await paint(film, glance.durationSeconds));
    const facts = { glance: glance ?? null, hasPoster };
    await file.write(facts);
    return facts;
  }

  async function paint(film: IndexedFilm, durationSeconds: number | null): Promise<boolean> {
    const path = posterPath(film.id);
    const given = await parts.posterOf(film, parts.signal).catch(() => undefined);
    if (given !== undefined) {
      await replaceFile(path, given, { isDurable: false });
      return true;
    }
    const part = `${path}.part`;
    const source = { path: film.realPath, durationSeconds };
    const isMade = await makePoster(source, part, parts, parts.signal);
    if (!isMade || !(await stat(part).catch(() => undefined))) return false;
    await rename(part, path);
    return true;
  }

  return {
    posterPath,
    known: (id) => known.get(id),
    of(film) {
      const facts = known.get(film.id);
      if (facts !== undefined || waiting.has(film.id)) return facts;
      if (waiting.size >= MOST_WAITING || parts.signal.aborted) return undefined;
      waiting.add(film.id);
      void queue
        // What was asked for last is what is being looked at.
        .add(() => find(film), { priority: Math.floor(performance.now() / 500) })
        .then(
          (found) => {
            if (known.size >= MOST_KNOWN) known.clear();
            if (found !== undefined) known.set(film.id, found);
          },
          (thrown: unknown) => parts.log.debug(`${film.path}: ${toUpreelError(thrown).message}`),
        )
        .finally(() => waiting.delete(film.id));
      return undefined;
    },
  };
}
