import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import {
  UpreelError,
  asPlanned,
  toUpreelError,
  type FileIdentity,
  type Leases,
  type PlannedRecord,
  type StreamRecords,
} from "@upreel/core";
import { exportFilm, type ExportFormat, type FilmToExport, type NamedPart } from "@upreel/media";
import type { EngineSettings } from "../settings.ts";
import type { MediaFiles } from "@upreel/sources";
import { createNewFile, makeFolder } from "@upreel/files";
import { endExport } from "./begun-export.ts";
import { claimExportName } from "./export-names.ts";

export type ExportConfig = Pick<
  EngineSettings,
  "dataDir" | "ownDir" | "exportDir" | "ffmpeg" | "ffprobe"
>;

export interface ExportedFilm {
  readonly file: string;
  /** Tracks of the source that the format cannot hold. */
  readonly leftOut: readonly string[];
}

/** What an export is made of. */
export interface FinishedFilms {
  readonly files: Pick<MediaFiles, "use">;
  readonly records: Pick<StreamRecords, "read">;
  /** Parts of a source that players skip, as far as they are known; may take minutes. */
  readonly partsOf: (file: FileIdentity, signal: AbortSignal) => Promise<readonly NamedPart[]>;
  /** Where other gateways export, too. */
  readonly leases?: Leases | undefined;
}

/** The stream's record; undefined while its film is not finished. */
async function readFinished(
  records: FinishedFilms["records"],
  id: string,
): Promise<(PlannedRecord & { readonly archive: string }) | undefined> {
  const record = asPlanned(await records.read(id));
  if (record?.state !== "complete" || record.archive === undefined) return undefined;
  return { ...record, archive: record.archive };
}

/**
 * Puts a finished film with all sound, subtitles and chapters of its source into one file, which gets
 * its name when it is complete. Throws `not_found` for a film that is not finished, `export_failed`.
 */
export async function exportStream(
  config: ExportConfig,
  films: FinishedFilms,
  { id, format }: { readonly id: string; readonly format: ExportFormat },
  signal: AbortSignal,
): Promise<ExportedFilm> {
  const { files, records, partsOf } = films;
  const record = await readFinished(records, id);
  if (record === undefined) {
    throw new UpreelError("not_found", `there is no finished film of the stream ${id}`, {
      expected: "the id of a stream that is complete",
      got: id,
    });
  }
  const { file, part } = await claimExportName(record, config, { format, leases: films.leases });
  try {
    await makeFolder(dirname(file));
    const parts = await partsOf(record.file, signal);
    const leftOut = await files.use(record.source, () =>
      writeExport({ ...record, format, parts }, { file, part }, config, signal),
    );
    await endExport(config.dataDir, { id, format }, part);
    return { file, leftOut };
  } catch (thrown) {
    // One that a shutdown ends is still to be done: the next start sees it.
    if (!signal.aborted || isCancelled(signal))
      await endExport(config.dataDir, { id, format }, part);
    throw asExportError(thrown, file);
  }
}

const isCancelled = ({ reason }: AbortSignal): boolean =>
  toUpreelError(reason).code === "cancelled";

/** What exports write beside the film; nobody else's, so that a start can clear it. */
export const scratchFolder = ({ ownDir }: Pick<EngineSettings, "ownDir">): string =>
  join(ownDir, "exporting");

async function writeExport(
  film: Omit<FilmToExport, "target" | "scratch"> & { readonly id: string },
  { file, part }: { readonly file: string; readonly part: string },
  config: ExportConfig,
  signal: AbortSignal,
): Promise<readonly string[]> {
  // Not in the stream's folder, which whoever takes the stream clears: with several gateways that may be another one.
  const scratch = join(scratchFolder(config), randomUUID());
  await makeFolder(scratch);
  try {
    await using exported = await createNewFile(file, part);
    const target = exported.writePath;
    const leftOut = await exportFilm({ ...film, target, scratch }, config, signal);
    await exported.publish();
    return leftOut;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

function asExportError(thrown: unknown, file: string): unknown {
  if (thrown instanceof UpreelError || !(thrown instanceof Error) || !("code" in thrown)) {
    return thrown;
  }
  const code = thrown.code === "ENOSPC" ? "disk_full" : "export_failed";
  return new UpreelError(code, `cannot write ${file}`, { got: thrown.message, cause: thrown });
}
