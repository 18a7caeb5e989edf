import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { segmentCount, type ResolvedRun, type Rung } from "@upreel/core";
import { buildTimeline, planOutput, probeSource } from "@upreel/media";

/** What a worker is told to upscale the whole film `path` at ×2 into `folder`. */
export async function makeOrder(path: string, folder: string, rung: Rung): Promise<ResolvedRun> {
  const { size, mtimeMs } = await stat(path);
  const file = { path, sizeBytes: size, modifiedMs: mtimeMs };
  const probed = await probeSource(
    file,
    { ffprobe: "ffprobe", ffmpeg: "ffmpeg" },
    AbortSignal.timeout(240_000),
  );
  const { source } = probed;
  const timeline = buildTimeline(probed, 2);
  return {
    ...{ streamId: "stream", runId: basename(folder), folder, source, timeline, rung },
    output: planOutput({
      ...{ source, scale: 2, encoder: "libx264", quality: 30, maxOutputHeight: 2160 },
    }),
    ...{ fromSegment: 0, toSegment: segmentCount(timeline) },
  };
}
