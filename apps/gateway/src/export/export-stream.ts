import { mkdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { UpreelError, type Output, type Source } from "@upreel/core";
import { exportFilm, type ExportFormat } from "@upreel/media";
import { publishFile } from "@upreel/watcher";
import type { MediaFiles } from "../media-files/media-files.ts";
import type { Config } from "../config.ts";
import { readProbedRecord, type ProbedRecord } from "../http/stored-record.ts";
import { claimExportName } from "./export-names.ts";

export type ExportConfig = Pick<Config, "dataDir" | "exportDir" | "ffmpeg" | "ffprobe">;

export interface ExportedFilm {
  readonly file: string;
  /** Tracks of the source that the format cannot hold. */
  readonly leftOut: readonly string[];
}

interface FinishedRecord extends ProbedRecord {
  readonly archive: string;
  readonly source: Source;
  readonly output: Output;
}

/** The stream's record; undefined while its film is not finished. */
export async function readFinished(
  dataDir: string,
  id: string,
): Promise<FinishedRecord | undefined> {
  const record = await readProbedRecord(join(dataDir, "streams", id, "stream.json"));
  if (record === undefined || record.state !== "complete") return undefined;
  const { archive, source, output } = record;
  if (archive === undefined || source === undefined || output === undefined) return undefined;
  return { ...record, archive, source, output };
}

/**
 * Puts a finished film with all sound, subtitles and chapters of its source into one file, which gets
 * its name when it is whole. Throws `not_found` for a film that is not finished, `export_failed`.
 */
export async function exportStream(
  config: ExportConfig,
  files: Pick<MediaFiles, "use">,
  { id, format }: { readonly id: string; readonly format: ExportFormat },
  signal: AbortSignal,
): Promise<ExportedFilm> {
  const record = await readFinished(config.dataDir, id);
  if (record === undefined) {
    throw new UpreelError("not_found", `there is no finished film of the stream ${id}`, {
      expected: "the id of a stream that is complete",
      got: id,
    });
  }
  const file = await claimExportName(record, config, format);
  const part = `${file}.part`;
  try {
    await mkdir(dirname(file), { recursive: true });
    const request = { ...record, format, target: part };
    const leftOut = await files.use(record.source, () => exportFilm(request, config, signal));
    await publishFile(part, file);
    return { file, leftOut };
  } catch (thrown) {
    // One that a shutdown ends stays: the next start sees by it what is still to be done.
    if (!signal.aborted) await rm(part, { force: true }).catch(() => undefined);
    throw asExportError(thrown, file);
  }
}

function asExportError(thrown: unknown, file: string): unknown {
  if (thrown instanceof UpreelError || !(thrown instanceof Error) || !("code" in thrown)) {
    return thrown;
  }
  const code = thrown.code === "ENOSPC" ? "disk_full" : "export_failed";
  return new UpreelError(code, `cannot write ${file}`, { got: thrown.message, cause: thrown });
}
