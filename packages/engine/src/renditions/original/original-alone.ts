import type { FileIdentity, PlannedRecord, StreamRecord } from "@upreel/core";
import { buildTimeline, planOriginal, probeSource, type TakeLook } from "@upreel/media";
import type { MediaFiles } from "@upreel/sources";

type Plan = Pick<PlannedRecord, "source" | "timeline" | "output">;

/** Plans of films that nobody upscales are small, and soon made again. */
const MOST_KEPT = 100;

/**
 * Plans films that are not upscaled, since they fill the screen already or their colours cannot be converted: their
 * own pictures can be watched all the same.
 */
export function createOriginalAlone(parts: {
  readonly files: Pick<MediaFiles, "use">;
  readonly ffmpeg: string;
  readonly ffprobe: string;
  readonly look: TakeLook;
  readonly segmentSeconds: number;
  readonly signal: AbortSignal;
}): (record: StreamRecord) => Promise<PlannedRecord> {
  const { files, segmentSeconds, signal } = parts;
  const plans = new Map<string, Promise<Plan>>();

  const plan = (file: FileIdentity): Promise<Plan> =>
    files.use(file, async () => {
      const probed = await probeSource(file, parts, signal);
      const { source } = probed;
      const timeline = buildTimeline(probed, segmentSeconds);
      return { source, timeline, output: planOriginal(source) };
    });

  return async (record) => {
    const key = `${record.id}|${record.file.sizeBytes}|${record.file.modifiedMs}`;
    const planned = plans.get(key) ?? plan(record.file);
    plans.delete(key);
    plans.set(key, planned);
    for (const [oldest] of plans) if (plans.size > MOST_KEPT) plans.delete(oldest);
    // What failed once may be readable later.
    planned.catch(() => plans.delete(key));
    return { ...record, ...(await planned) };
  };
}
