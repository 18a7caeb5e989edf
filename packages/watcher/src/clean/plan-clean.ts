import type { StreamRecord } from "@upreel/core";

/** One folder below `streams/`, or one unfinished file of the archive folder, as found on disk. */
export interface StoredItem {
  readonly path: string;
  /** The id of the stream; undefined for an unfinished archive. */
  readonly id: string | undefined;
  /** Undefined if there is no record that can be read. */
  readonly record: StreamRecord | undefined;
  /** The record's archive is there, and as long as it was when it was verified. */
  readonly hasArchive: boolean;
  readonly bytes: number;
  /** How many of these bytes are files of segments that the archive holds as well, left there by a crash. */
  readonly archivedSegments: { readonly path: string; readonly bytes: number } | undefined;
  /** When something in it was last written. */
  readonly changedAtMs: number;
}

export interface CleanOptions {
  readonly nowMs: number;
  readonly olderThanMs: number;
  /** Streams that a running gateway knows; the gateway itself deletes these when asked. */
  readonly protectedIds: ReadonlySet<string>;
}

export interface CleanStep {
  readonly path: string;
  readonly id: string | undefined;
  readonly bytes: number;
  readonly why:
    | "unfinished stream"
    | "archive is gone"
    | "no readable record"
    | "already in the archive"
    | "leftover";
}

/**
 * What may be deleted: all but young things, streams that are pinned or in use, and streams whose archive
 * exists (their record is how the next trigger finds it, and their segment URLs stay good).
 */
export function planClean(items: readonly StoredItem[], options: CleanOptions): CleanStep[] {
  return items.flatMap((item) => {
    const { path, id, bytes, archivedSegments } = item;
    if (isKept(item, options)) return [];
    const why = reasonToDelete(item);
    if (why !== undefined) return [{ path, id, bytes, why }];
    if (archivedSegments === undefined || archivedSegments.bytes === 0) return [];
    return [{ ...archivedSegments, id, why: "already in the archive" as const }];
  });
}

const isKept = ({ id, record, changedAtMs }: StoredItem, options: CleanOptions): boolean =>
  options.nowMs - changedAtMs < options.olderThanMs ||
  (id !== undefined && options.protectedIds.has(id)) ||
  record?.pinned === true;

function reasonToDelete(item: StoredItem): CleanStep["why"] | undefined {
  if (item.id === undefined) return "leftover";
  if (item.record === undefined) return "no readable record";
  if (item.hasArchive) return undefined;
  return item.record.state === "complete" ? "archive is gone" : "unfinished stream";
}
