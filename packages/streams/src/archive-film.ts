import {
  frameSeconds,
  segmentFrames,
  toUpreelError,
  type Log,
  type Reason,
  type StreamFolder,
  type StreamRecord,
} from "@upreel/core";
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
  const { title, output } = record.now;
  const hasSound = output !== undefined && output.audio.kind !== "none";
  const { path, offsets, soundless } = await folder.makeArchive({ title, hasSound, signal });
  const missing = (await whatIsMissing(parts, path, signal)) ?? whereSilent(record.now, soundless);
  record.setReason(missing);
  record.forgetDecoded();
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
  const { source, timeline, output, reason, title, decoded = [] } = record.now;
  const known = isFoundAgain(reason) ? undefined : record.lastingReason();
  if (source === undefined || timeline === undefined || output === undefined) return known;
  try {
    const missing = await prove?.({ source, timeline, output, decoded, archive }, signal);
    if (missing !== undefined) log.warn(`${title}: ${missing.message}`, { ...missing });
    return known ?? missing ?? unevenTracks(record.now);
  } catch (thrown) {
    signal.throwIfAborted();
    const { message } = toUpreelError(thrown);
    log.warn(`${title} could not be compared with its source: ${message}`);
    return known ?? unevenTracks(record.now);
  }
}

/** Segments that were made before each one's sound was looked at may have none. */
function whereSilent(
  { timeline, output }: StreamRecord,
  soundless: readonly number[],
): Reason | undefined {
  const [first] = soundless;
  if (timeline === undefined || output === undefined || first === undefined) return undefined;
  const seconds = frameSeconds(timeline, segmentFrames(timeline, first).first);
  const at = new Date(Math.floor(seconds) * 1_000).toISOString().slice(11, 19);
  return {
    code: "film_incomplete",
    message: `the film has segments in which its sound breaks off, first segment ${first}, at ${at}`,
    expected: "sound from the start of each segment to its end",
    got: `${soundless.length} without`,
  };
}

/** Told anew of each film that is made. */
const isFoundAgain = (reason: Reason | undefined): boolean =>
  reason?.code === "film_incomplete" || reason?.code === "source_uneven";
