import { toUpreelError, type Reason, type Log, type StreamFolder } from "@upreel/core";
import type { ProveFilm } from "./ports.ts";
import type { RecordKeeper } from "./record-keeper.ts";
import { unevenTracks } from "./uneven-tracks.ts";

export interface ArchiveParts {
  readonly record: RecordKeeper;
  readonly folder: StreamFolder;
  readonly prove: ProveFilm | undefined;
  readonly log: Log;
}

/**
 * Joins what is made and compares it with its source; the path of the archive. After it the record on
 * the disk is complete, with what the film lacks as its reason.
 */
export async function archiveFilm(parts: ArchiveParts, signal: AbortSignal): Promise<string> {
  const { record, folder } = parts;
  const { path, offsets } = await folder.makeArchive({ title: record.now.title, signal });
  const missing = await whatIsMissing(parts, path, signal);
  record.setReason(missing);
  // One save that may fail: only a record on the disk makes the segments' own files superfluous.
  await record.save({
    state: "complete",
    archive: path,
    ...(offsets === undefined ? {} : { archiveOffsets: [...offsets] }),
  });
  return path;
}

/** What is known of the source goes before what was found in the film. */
async function whatIsMissing(
  { record, prove, log }: ArchiveParts,
  archive: string,
  signal: AbortSignal,
): Promise<Reason | undefined> {
  const { source, timeline, output, reason, title } = record.now;
  const known = isFoundAgain(reason) ? undefined : record.lastingReason();
  if (source === undefined || timeline === undefined || output === undefined) return known;
  try {
    const missing = await prove?.({ source, timeline, output, archive }, signal);
    if (missing !== undefined) log.warn(`${title}: ${missing.message}`, { ...missing });
    return known ?? missing ?? unevenTracks(record.now);
  } catch (thrown) {
    signal.throwIfAborted();
    const { message } = toUpreelError(thrown);
    log.warn(`${title} could not be compared with its source: ${message}`);
    return known ?? unevenTracks(record.now);
  }
}

/** Told anew of each film that is made. */
const isFoundAgain = (reason: Reason | undefined): boolean =>
  reason?.code === "film_incomplete" || reason?.code === "source_uneven";
