import { mkdir, stat } from "node:fs/promises";
import { join } from "node:path";
import {
  PLAIN_SCALER,
  segmentCount,
  segmentFileName,
  toUpreelError,
  type Output,
  type ResolvedRun,
  type Source,
  type Timeline,
} from "@upreel/core";
import { buildTimeline, planOutput, probeSource, proveFilm } from "@upreel/media";
import { startUpscale } from "@upreel/pipeline";
import type { Upscaler } from "@upreel/upscaler";

/** A film as the gateway would plan it, for the plain scaler and without a loss of its own. */
export interface PlannedFilm {
  readonly source: Source;
  readonly timeline: Timeline;
  readonly output: Output;
}

const SEGMENT_SECONDS = 1;
const LONGEST_MS = 240_000;

export async function planFilm(path: string): Promise<PlannedFilm> {
  const { size, mtimeMs } = await stat(path);
  const file = { path, sizeBytes: size, modifiedMs: mtimeMs };
  const signal = AbortSignal.timeout(LONGEST_MS);
  const probed = await probeSource(file, { ffprobe: "ffprobe", ffmpeg: "ffmpeg" }, signal);
  const { source } = probed;
  const planned = planOutput({
    ...{ source, scale: 2, encoder: "libx264", quality: 1, maxOutputHeight: 2160 },
  });
  // Lossless, so that pictures can be compared.
  const output = { ...planned, quality: 0 };
  return { source, timeline: buildTimeline(probed, SEGMENT_SECONDS), output };
}

/** What a run has made. */
interface MadeSegments {
  readonly segments: readonly string[];
  /** Pictures that were decoded for each. */
  readonly decoded: readonly number[];
}

/** Makes the segments from `fromSegment` on in `folder`, by one run. Throws when that fails. */
export async function makeSegments(
  film: PlannedFilm,
  upscaler: Upscaler,
  folder: string,
  fromSegment: number,
): Promise<MadeSegments> {
  await mkdir(folder, { recursive: true });
  const toSegment = segmentCount(film.timeline);
  const order: ResolvedRun = {
    ...film,
    ...{ streamId: "s", runId: "r", folder, fromSegment, toSegment },
    rung: { model: PLAIN_SCALER, provider: "ffmpeg" },
  };
  const signal = AbortSignal.timeout(LONGEST_MS);
  const run = await startUpscale(order, { upscaler, ffmpeg: "ffmpeg" }, signal);
  const late = setTimeout(() => run.cancel(), LONGEST_MS);
  const end = await run.ended;
  clearTimeout(late);
  if (end.why === "failed") throw toUpreelError(new Error(JSON.stringify(end.reason)));
  if (end.why !== "finished") throw new Error(`the run ended: ${JSON.stringify(end)}`);
  const segments = Array.from({ length: toSegment - fromSegment }, (_, i) =>
    join(folder, segmentFileName(fromSegment + i)),
  );
  return { segments, decoded: end.decoded ?? [] };
}

/** What a gateway would say that the film lacks of the pictures of its source. */
export async function missingPictures(
  film: PlannedFilm,
  decoded: readonly number[],
): Promise<string[]> {
  const silent = { ...film, output: { ...film.output, audio: { kind: "none" } as const } };
  const tools = { ffmpeg: "ffmpeg", ffprobe: "ffprobe" };
  const signal = AbortSignal.timeout(LONGEST_MS);
  const reason = await proveFilm({ ...silent, decoded, archive: "" }, tools, signal);
  return reason === undefined ? [] : [`${reason.code}: ${reason.got}`];
}
