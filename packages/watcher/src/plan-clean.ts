import type { StreamRecord } from "@upreel/core";

/** One folder below `streams/`, or one unfinished file of the archive folder, as found on disk. */
export interface StoredItem {
  readonly path: string;
  /** Of the stream; undefined for an unfinished archive. */
  readonly id: string | undefined;
  /** Undefined when there is none that can be read. */
  readonly record: StreamRecord | undefined;
  readonly hasArchive: boolean;
  readonly bytes: number;
  /** When something in it was last written. */
  readonly changedAtMs: number;
}

export interface CleanOptions {
  readonly nowMs: number;
  readonly olderThanMs: number;
  /** Streams that a running gateway knows; it deletes those by itself, when asked. */
  readonly protectedIds: ReadonlySet<string>;
}

export interface CleanStep {
  readonly path: string;
  readonly id: string | undefined;
  readonly bytes: number;
  readonly why: "unfinished stream" | "archive is gone" | "no readable record" | "leftover";
}

/**
 * What may be deleted: all but young things, streams that are in use, and streams whose archive
 * exists (their record is how the next trigger finds it, and their segment URLs stay good).
 */
export function planClean(items: readonly StoredItem[], options: CleanOptions): CleanStep[] {
  return items.flatMap((item) => {
    const { path, id, bytes } = item;
    const why = reasonToDelete(item, options);
    return why === undefined ? [] : [{ path, id, bytes, why }];
  });
}

function reasonToDelete(item: StoredItem, options: CleanOptions): CleanStep["why"] | undefined {
  if (options.nowMs - item.changedAtMs < options.olderThanMs) return undefined;
  if (item.id === undefined) return "leftover";
  if (options.protectedIds.has(item.id)) return undefined;
  if (item.record === undefined) return "no readable record";
  if (item.hasArchive) return undefined;
  return item.record.state === "complete" ? "archive is gone" : "unfinished stream";
}
