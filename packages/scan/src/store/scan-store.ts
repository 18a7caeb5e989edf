import type { DatabaseSync } from "node:sqlite";
import type { Log } from "@upreel/core";
import { keepDatabase } from "@upreel/files";
import { z } from "zod";
import type { CachedFingerprint, MediaScanAnswer } from "../media-scan/answers.ts";
import type { FilmChapter } from "../media-scan/film-chapter.ts";
import { MIGRATIONS } from "./migrations.ts";

/** That a plugin looked at a file, and how. */
export interface ScanMark {
  readonly fileId: string;
  readonly pluginId: string;
  readonly path: string;
  readonly algorithmVersion: string;
  /** Of the files that it was looked at with. */
  readonly groupHash: string;
  readonly atMs: number;
}

/** What plugins found, by file and plugin. */
export interface ScanStore extends Disposable {
  /** What the plugin may be given back: of this version alone. */
  fingerprints(
    fileId: string,
    pluginId: string,
    algorithmVersion: string,
  ): readonly CachedFingerprint[];
  chapters(fileId: string): readonly FilmChapter[];
  isScanned(
    mark: Pick<ScanMark, "fileId" | "pluginId" | "algorithmVersion" | "groupHash">,
  ): boolean;
  /** All of an answer or, where that fails, nothing. */
  persist(marks: readonly ScanMark[], answer: MediaScanAnswer): void;
  /** How many files have been looked at, by plugin. */
  counts(): ReadonlyMap<string, { readonly files: number; readonly chapters: number }>;
}

/** In the data folder. */
export const SCANS_FILE = "scans.db";

/** Roles that are replaced by each scan; others are not kept yet. */
const KEPT_ROLES = ["intro", "credits"] as const;

const chapterRow = z.object({
  plugin_id: z.string(),
  role: z.enum(KEPT_ROLES),
  start_seconds: z.number(),
  end_seconds: z.number(),
});
const fingerprintRow = z.object({
  type: z.string(),
  algorithm_version: z.string(),
  fingerprint: z.string().nullable(),
  metadata: z.string().nullable(),
});
const countRow = z.object({ plugin_id: z.string(), files: z.number(), chapters: z.number() });

/** What plugins found, in the file at `path`. */
export function openScanStore(
  path: string,
  { log, nowMs }: { readonly log: Pick<Log, "warn">; readonly nowMs: () => number },
): ScanStore {
  const kept = keepDatabase(path, {
    ...{ subject: "What plugins found", migrations: MIGRATIONS, log, nowMs },
  });
  const rows = <T>(schema: z.ZodType<T>, sql: string, ...values: string[]): readonly T[] =>
    kept.isThere()
      ? kept.use((open) => z.array(schema).parse(open.prepare(sql).all(...values)))
      : [];

  return {
    fingerprints: (fileId, pluginId, algorithmVersion) =>
      rows(
        fingerprintRow,
        `SELECT type, algorithm_version, fingerprint, metadata FROM fingerprints
         WHERE file_id = ? AND plugin_id = ? AND algorithm_version = ?`,
        ...[fileId, pluginId, algorithmVersion],
      ).map(({ type, fingerprint, metadata, ...row }) => ({
        ...{ type, fingerprint, algorithmVersion: row.algorithm_version },
        metadata: metadata === null ? null : JSON.parse(metadata),
      })),
    chapters: (fileId) =>
      rows(
        chapterRow,
        `SELECT plugin_id, role, start_seconds, end_seconds FROM chapters
         WHERE file_id = ? ORDER BY start_seconds`,
        fileId,
      ).map((row) => ({
        ...{ pluginId: row.plugin_id, role: row.role },
        ...{ startSeconds: row.start_seconds, endSeconds: row.end_seconds },
      })),
    isScanned: ({ fileId, pluginId, algorithmVersion, groupHash }) =>
      rows(
        z.object({ found: z.number() }),
        `SELECT 1 AS found FROM scans
         WHERE file_id = ? AND plugin_id = ? AND algorithm_version = ? AND group_hash = ?`,
        ...[fileId, pluginId, algorithmVersion, groupHash],
      ).length > 0,
    persist: (marks, answer) => kept.transact((open) => write(open, marks, answer)),
    counts: () =>
      new Map(
        rows(
          countRow,
          `SELECT plugin_id, COUNT(*) AS files,
             (SELECT COUNT(*) FROM chapters WHERE chapters.plugin_id = scans.plugin_id) AS chapters
           FROM scans GROUP BY plugin_id`,
        ).map(({ plugin_id: id, ...counts }) => [id, counts]),
      ),
    [Symbol.dispose]: () => kept[Symbol.dispose](),
  };
}

function write(open: DatabaseSync, marks: readonly ScanMark[], answer: MediaScanAnswer): void {
  const run = (sql: string, ...values: (string | number | null)[]): void =>
    void open.prepare(sql).run(...values);
  for (const mark of marks) {
    const { fileId, pluginId } = mark;
    // The file was another one before: nobody asks for that any more.
    for (const table of ["fingerprints", "chapters", "scans"])
      run(
        `DELETE FROM ${table} WHERE plugin_id = ? AND file_id IN
         (SELECT file_id FROM scans WHERE path = ? AND plugin_id = ? AND file_id <> ?)`,
        ...[pluginId, mark.path, pluginId, fileId],
      );
    run("DELETE FROM chapters WHERE file_id = ? AND plugin_id = ?", fileId, pluginId);
    const skip = answer.skipped.find((each) => each.fileId === fileId);
    run(
      "INSERT OR REPLACE INTO scans VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
      ...[fileId, pluginId, mark.path, mark.algorithmVersion, mark.groupHash, mark.atMs],
      ...[skip?.reason ?? null, skip?.message ?? null],
    );
  }
  const pluginId = marks[0]?.pluginId ?? "";
  for (const each of answer.fingerprints)
    run(
      "INSERT OR REPLACE INTO fingerprints VALUES (?, ?, ?, ?, ?, ?)",
      ...[each.fileId, pluginId, each.type, each.algorithmVersion],
      ...[each.fingerprint, each.metadata],
    );
  for (const each of answer.chapters)
    if (KEPT_ROLES.some((role) => role === each.role))
      run(
        "INSERT INTO chapters VALUES (?, ?, ?, ?, ?, ?, ?)",
        ...[each.fileId, pluginId, each.role, each.startTime, each.endTime],
        ...[each.title, each.metadata],
      );
}
