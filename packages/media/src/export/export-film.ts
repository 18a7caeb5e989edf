import { writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { durationSeconds, UpreelError, showFileName } from "@upreel/core";
import { countPictures } from "../tracks/count-pictures.ts";
import { readSidecars } from "../tracks/sidecars.ts";
import { startFfmpeg, type FfmpegExit } from "../ffmpeg/start-ffmpeg.ts";
import { chaptersFile } from "./chapters-file.ts";
import { layTracks } from "./lay-tracks.ts";
import { lastLines, requireDone } from "./require-done.ts";
import { nameParts, type NamedPart } from "./name-parts.ts";
import { planExport, type ExportPlan, type ExportRequest } from "./plan-export.ts";

export interface FilmToExport extends Omit<ExportRequest, "chapters" | "laid" | "sidecars"> {
  /** An empty folder for what is only needed meanwhile. */
  readonly scratch: string;
  /** Parts that are chapters of the export: its intro, its credits. */
  readonly parts?: readonly NamedPart[];
}

/**
 * Writes `request.target` and proves that it holds every picture. Returns which tracks of the source,
 * and of the files beside it, it lacks. Throws `export_failed` or `source_unavailable`; what was written then is
 * the caller's to delete.
 */
export async function exportFilm(
  { scratch, parts = [], ...film }: FilmToExport,
  tools: { readonly ffmpeg: string; readonly ffprobe: string },
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { source, timeline } = film;
  const chapters = join(scratch, "chapters.txt");
  await writeFile(
    chapters,
    chaptersFile(nameParts(source.chapters, parts, durationSeconds(timeline))),
  );
  const laid = await layTracks({ ...film, folder: scratch }, tools, signal);
  const request: ExportRequest = { ...film, chapters, laid };
  const beside = await readSidecars(source.path, tools, signal);
  const all = await write({ ...request, sidecars: beside.sidecars }, tools, signal);
  // One of them may be damaged in the middle: the film's own tracks are worth an export all the same.
  const written =
    all.exitCode === 0 || beside.sidecars.length === 0 ? all : await write(request, tools, signal);
  requireDone(source.path, written, "ffmpeg could not write the export");
  const lost =
    written === all
      ? []
      : beside.sidecars.map(
          ({ path }) => `${showFileName(basename(path))}: ${lastLines(all.stderrTail)}`,
        );
  const { frames } = await countPictures(request.target, tools, signal);
  const wanted = timeline.frameCount;
  if (frames !== wanted) {
    throw new UpreelError("export_failed", "the export lacks pictures", {
      expected: `${wanted} pictures`,
      got: `${frames}`,
    });
  }
  return [...written.leftOut, ...beside.unreadable, ...lost];
}

async function write(
  request: ExportRequest,
  tools: { readonly ffmpeg: string },
  signal: AbortSignal,
): Promise<FfmpegExit & Pick<ExportPlan, "leftOut">> {
  const { args, leftOut } = planExport(request);
  const { exited } = startFfmpeg(args, { ffmpeg: tools.ffmpeg, name: "exporter", signal });
  const exit = await exited;
  signal.throwIfAborted();
  return { ...exit, leftOut };
}
