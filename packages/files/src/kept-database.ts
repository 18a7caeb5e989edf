import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { toUpreelError, type Log } from "@upreel/core";

export interface DatabaseParts {
  /** What is kept there, at the beginning of a sentence: `What plugins found`. */
  readonly subject: string;
  /** Each brings the tables one version further; what was released is never changed. */
  readonly migrations: readonly string[];
  readonly log: Pick<Log, "warn">;
  readonly nowMs: () => number;
}

/** SQLite in one file, for what may be lost: what cannot be read is set aside and begun anew. */
export interface KeptDatabase extends Disposable {
  /** Whether there is anything to read. */
  isThere(): boolean;
  use<T>(work: (open: DatabaseSync) => T): T;
  /** All of it or, where it throws, nothing. */
  transact<T>(work: (open: DatabaseSync) => T): T;
}

/**
 * The database in the file at `path`. It is opened when there is something to read or to keep: a disk on which a file is
 * open for writing cannot be made read-only. One that is damaged, or of a newer Upreel, is set aside with a word of it
 * and begun anew, also when that turns out later. Before tables change, a copy is kept beside it. Where nothing can be
 * written, it is kept in memory.
 */
export function keepDatabase(path: string, parts: DatabaseParts): KeptDatabase {
  let database: DatabaseSync | undefined;

  /** A file that turns out to be damaged is begun anew, once for each call. */
  function use<T>(work: (open: DatabaseSync) => T): T {
    database ??= openDatabase(path, parts);
    try {
      return work(database);
    } catch (thrown) {
      if (!isDamage(thrown)) throw thrown;
      database.close();
      database = openDatabase(path, parts);
      return work(database);
    }
  }

  return {
    isThere: () => database !== undefined || existsSync(path),
    use,
    transact: (work) =>
      use((open) => {
        open.exec("BEGIN IMMEDIATE");
        try {
          const value = work(open);
          open.exec("COMMIT");
          return value;
        } catch (thrown) {
          open.exec("ROLLBACK");
          throw thrown;
        }
      }),
    [Symbol.dispose]: () => database?.close(),
  };
}

/** How long another process (a backup, somebody's shell) may hold the file. */
const BUSY_MS = 5_000;

function openDatabase(path: string, { subject, migrations, log, nowMs }: DatabaseParts) {
  try {
    if (!existsSync(dirname(path))) mkdirSync(dirname(path));
    try {
      return open(path, migrations);
    } catch (thrown) {
      if (!isDamage(thrown)) throw thrown;
      const aside = `${path}.damaged-${new Date(nowMs()).toISOString().replaceAll(/[:.]/g, "-")}`;
      log.warn(
        `${subject} cannot be read (${toUpreelError(thrown).message}): it is renamed to ${aside}, and a new one is started`,
      );
      setAside(path, aside);
      return open(path, migrations);
    }
  } catch (thrown) {
    log.warn(
      `${subject} is forgotten at the end: ${path} cannot be opened (${toUpreelError(thrown).message})`,
    );
    return open(":memory:", migrations);
  }
}

/** SQLITE_CORRUPT, SQLITE_NOTADB, and what is found by looking. */
const isDamage = (thrown: unknown): boolean =>
  thrown instanceof Error &&
  (thrown instanceof UnusableDatabase ||
    ("errcode" in thrown && [11, 26].includes(Number(thrown.errcode) & 0xff)));

class UnusableDatabase extends Error {}

function open(path: string, migrations: readonly string[]): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: BUSY_MS });
  try {
    database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
    const check = database.prepare("PRAGMA quick_check(1)").get();
    const found = String(Object.values(check ?? {})[0]);
    if (found !== "ok") throw new UnusableDatabase(`SQLite says: ${found.slice(0, 200)}`);
    const version = versionOf(database);
    if (version > migrations.length)
      throw new UnusableDatabase(`it is of a newer Upreel (version ${version})`);
    if (version > 0 && version < migrations.length) {
      const copy = `${path}.version-${version}`;
      rmSync(copy, { force: true });
      database.prepare("VACUUM INTO ?").run(copy);
    }
    migrate(database, migrations);
    return database;
  } catch (thrown) {
    database.close();
    throw thrown;
  }
}

function versionOf(database: DatabaseSync): number {
  const row = database.prepare("PRAGMA user_version").get();
  return Number(row?.["user_version"] ?? 0);
}

/** Each whole or not at all. */
function migrate(database: DatabaseSync, migrations: readonly string[]): void {
  for (const [index, statements] of migrations.entries()) {
    if (index < versionOf(database)) continue;
    database.exec(`BEGIN IMMEDIATE; ${statements} PRAGMA user_version = ${index + 1}; COMMIT`);
  }
}

function setAside(path: string, aside: string): void {
  renameSync(path, aside);
  // Its log belongs to the file that is gone.
  for (const suffix of ["-wal", "-shm"]) rmSync(path + suffix, { force: true });
}
