import { createHmac } from "node:crypto";
import { dirname } from "node:path";
import type { EventSink, FolderEntry, Log } from "@upreel/core";
import { toUpreelError } from "@upreel/core";
import PQueue from "p-queue";
import type { MediaFiles } from "@upreel/sources";
import { inTurns } from "../waiting/in-turns.ts";
import { readFilmName } from "./read-film-name.ts";

/** A film in one of the film folders. */
export interface IndexedFilm {
  /** Changes with the file; nobody who does not know it can guess it. */
  readonly id: string;
  readonly title: string;
  readonly year: number | undefined;
  readonly path: string;
  /** Where it really is, when `path` is a link. */
  readonly realPath: string;
  readonly folder: string;
  readonly sizeBytes: number;
  readonly modifiedMs: number;
}

interface IndexNow {
  readonly films: readonly IndexedFilm[];
  readonly isScanning: boolean;
  readonly isCut: boolean;
  /** Film folders that could not be read. */
  readonly unreadable: readonly string[];
}

/** All films in the film folders, as they were when they were last looked through. */
export interface FilmIndex {
  /** What is known now; begins to look through the folders anew when that was a while ago. */
  now(): IndexNow;
  /** Films right in this folder, as it is at this moment; none where it cannot be read. */
  filmsIn(folder: string): Promise<readonly IndexedFilm[]>;
  /** When the look that is under way has ended. */
  settled(): Promise<void>;
}

interface IndexParts {
  readonly files: Pick<MediaFiles, "list">;
  readonly roots: readonly string[];
  readonly secret: Uint8Array;
  /** Films that Upreel made itself, and folders of such. */
  readonly isOwn: (path: string) => boolean;
  readonly log: Pick<Log, "debug">;
  readonly events: EventSink;
  readonly nowMs: () => number;
  readonly signal: AbortSignal;
}

/** A page that is looked at shows a new film after so long. */
const FRESH_MS = 60_000;
/** Of folders that are read at a time; the files' process bounds what hangs. */
const AT_A_TIME = 2;
const MOST_FILMS = 10_000;
const MOST_FOLDERS = 5_000;
const DEEPEST = 12;

export function createFilmIndex(parts: IndexParts): FilmIndex {
  const { files, roots, log, events, nowMs } = parts;
  /** Also of films that are gone: one that comes back is not new. */
  const seenPaths = new Set<string>();
  let known: Omit<IndexNow, "isScanning"> = { films: [], isCut: false, unreadable: [] };
  let scannedAtMs = -Infinity;
  let scan: Promise<void> | undefined;

  async function look(): Promise<void> {
    const queue = new PQueue({ concurrency: AT_A_TIME });
    const films = new Map<string, IndexedFilm>();
    const seen = new Set<string>();
    const unreadable: string[] = [];
    let isCut = false;
    const enter = async (folder: string, real: string, depth: number): Promise<void> => {
      // A link that leads up again, or the same folder by two ways.
      if (parts.signal.aborted || seen.has(real)) return;
      if (seen.size >= MOST_FOLDERS || depth > DEEPEST || films.size >= MOST_FILMS) {
        isCut = true;
        return;
      }
      seen.add(real);
      try {
        const listing = await files.list(folder, roots);
        isCut ||= listing.is_cut;
        for await (const entry of inTurns(listing.entries)) {
          const { path, kind, real_path: place = path } = entry;
          if (parts.isOwn(place)) continue;
          if (kind === "folder") void queue.add(() => enter(path, place, depth + 1));
          else if (films.size < MOST_FILMS && !films.has(place))
            films.set(place, filmOf(entry, place));
        }
        // The first look shows what there is as it comes.
        if (scannedAtMs === -Infinity) known = { films: [...films.values()], isCut, unreadable };
      } catch (thrown) {
        if (depth === 0) unreadable.push(folder);
        noteUnlisted(folder, thrown);
      }
    };
    for (const root of roots) void queue.add(() => enter(root, root, 0));
    await queue.onIdle();
    tellNew(films.values(), scannedAtMs !== -Infinity && known.unreadable.length === 0);
    known = { films: [...films.values()], isCut, unreadable };
    scannedAtMs = nowMs();
  }

  async function filmsIn(folder: string): Promise<readonly IndexedFilm[]> {
    try {
      const { entries } = await files.list(folder, roots);
      return entries.flatMap((entry) => {
        const place = entry.real_path ?? entry.path;
        return entry.kind === "folder" || parts.isOwn(place) ? [] : [filmOf(entry, place)];
      });
    } catch (thrown) {
      noteUnlisted(folder, thrown);
      return [];
    }
  }

  const noteUnlisted = (folder: string, thrown: unknown): void =>
    log.debug(`${folder} is not listed: ${toUpreelError(thrown).message}`);

  /** What the first look finds was there, and so was what a disk has that was away. */
  function tellNew(films: Iterable<IndexedFilm>, isNews: boolean): void {
    for (const { title, path, realPath } of films) {
      if (isNews && !seenPaths.has(realPath)) events.tell({ name: "film.found", title, path });
      seenPaths.add(realPath);
    }
  }

  const filmOf = (entry: FolderEntry, realPath: string): IndexedFilm => {
    const { path, size_bytes: sizeBytes, modified_ms: modifiedMs } = entry;
    const identity = JSON.stringify([realPath, sizeBytes, modifiedMs]);
    const hash = createHmac("sha256", parts.secret).update(`film ${identity}`).digest("hex");
    return {
      ...{ id: hash.slice(0, 32), path, realPath, folder: dirname(path) },
      ...readFilmName(entry.name),
      ...{ sizeBytes: sizeBytes ?? 0, modifiedMs: modifiedMs ?? 0 },
    };
  };

  return {
    now() {
      const isOld = nowMs() - scannedAtMs >= FRESH_MS;
      if (isOld && !parts.signal.aborted)
        scan ??= look().finally(() => {
          scan = undefined;
        });
      return { ...known, isScanning: scan !== undefined && scannedAtMs === -Infinity };
    },
    filmsIn,
    settled: async () => {
      await scan;
    },
  };
}
