import { UpreelError } from "@upreel/core";
import { countPictures } from "./count-pictures.ts";
import { planExport, type ExportRequest } from "./export-arguments.ts";
import { startFfmpeg } from "./start-ffmpeg.ts";

/**
 * Writes `request.target` and proves that it holds every picture. Returns which tracks of the source
 * it lacks. Throws `export_failed`; what was written then is the caller's to delete.
 */
export async function exportFilm(
  request: ExportRequest,
  tools: { readonly ffmpeg: string; readonly ffprobe: string },
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { args, leftOut } = planExport(request);
  const { exited } = startFfmpeg(args, { ffmpeg: tools.ffmpeg, name: "exporter", signal });
  const { exitCode, stderrTail } = await exited;
  signal.throwIfAborted();
  if (exitCode !== 0) {
    throw new UpreelError("export_failed", `ffmpeg could not write ${request.target}`, {
      got: stderrTail.split("\n").slice(-3).join("; "),
    });
  }
  const { frames } = await countPictures(request.target, tools, signal);
  const wanted = request.timeline.frameCount;
  if (frames !== wanted) {
    throw new UpreelError("export_failed", `${request.target} lacks pictures`, {
      expected: `${wanted} pictures`,
      got: `${frames}`,
    });
  }
  return leftOut;
}
