import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { toUpreelError, type Log } from "@upreel/core";
import { migrate, NEWEST_VERSION, versionOf } from "./migrations.ts";

/** How long another process (a backup, somebody's shell) may hold the file. */
const BUSY_MS = 5_000;

/**
 * Opens the database in the file at `path`. One that is damaged, or of a newer Upreel, is set aside with a word of
 * it and begun anew: all that is in it can be found again. Before tables change, a copy is kept beside it. Where
 * nothing can be written, what is found is kept in memory.
 */
export function openDatabase(path: string, log: Pick<Log, "warn">, nowMs: number): DatabaseSync {
  try {
    if (!existsSync(dirname(path))) mkdirSync(dirname(path));
    try {
      return open(path);
    } catch (thrown) {
      if (!isDamage(thrown)) throw thrown;
      const aside = `${path}.damaged-${new Date(nowMs).toISOString().replaceAll(/[:.]/g, "-")}`;
      log.warn(
        `What plugins found cannot be read (${toUpreelError(thrown).message}); it is set aside as ${aside} and found anew`,
      );
      setAside(path, aside);
      return open(path);
    }
  } catch (thrown) {
    log.warn(
      `What plugins find is forgotten at the end: ${path} cannot be opened (${toUpreelError(thrown).message})`,
    );
    return open(":memory:");
  }
}

/** SQLITE_CORRUPT, SQLITE_NOTADB, and what is found by looking. */
export const isDamage = (thrown: unknown): boolean =>
  thrown instanceof Error &&
  (thrown instanceof UnusableDatabase ||
    ("errcode" in thrown && [11, 26].includes(Number(thrown.errcode) & 0xff)));

class UnusableDatabase extends Error {}

function open(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: BUSY_MS });
  try {
    database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
    const check = database.prepare("PRAGMA quick_check(1)").get();
    const found = String(Object.values(check ?? {})[0]);
    if (found !== "ok") throw new UnusableDatabase(`SQLite says: ${found.slice(0, 200)}`);
    const version = versionOf(database);
    if (version > NEWEST_VERSION)
      throw new UnusableDatabase(`it is of a newer Upreel (version ${version})`);
    if (version > 0 && version < NEWEST_VERSION) {
      const copy = `${path}.version-${version}`;
      rmSync(copy, { force: true });
      database.prepare("VACUUM INTO ?").run(copy);
    }
    migrate(database);
    return database;
  } catch (thrown) {
    database.close();
    throw thrown;
  }
}

function setAside(path: string, aside: string): void {
  renameSync(path, aside);
  // Its log belongs to the file that is gone.
  for (const suffix of ["-wal", "-shm"]) rmSync(path + suffix, { force: true });
}
