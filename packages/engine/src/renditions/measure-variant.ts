import { open } from "node:fs/promises";
import {
  segmentCount,
  segmentSeconds,
  type Timeline,
  type SegmentLocation,
  type StreamFolder,
} from "@upreel/core";
import { lowerQuality } from "@upreel/media";
import { videoCodecName } from "@upreel/watcher";
import { ratesOf, REPRESENTATIVE_SECONDS, UNSEEN_FACTOR } from "./lower/made-rates.ts";

/** What the published segments say of the upscaled film. */
export interface MeasuredVariant {
  /** Bits a second of its fullest segment; of a film that is not made to its end, what it may come to. */
  readonly bandwidth: number;
  /** Bits a second of what is made. */
  readonly averageBandwidth: number;
  /** RFC 6381 name of the pictures; undefined where the segments do not tell. */
  readonly codec: string | undefined;
}

/** Enough to know a film by; each costs one look at the disk. */
const MOST_SEGMENTS = 60;
/** Parameter sets are in the first packets of a segment. */
const BYTES_TO_READ = 64 * 1024;

/** Measures a stream of pictures of this size by its published segments; undefined as long as there are none. */
export async function measureVariant(
  folder: Pick<StreamFolder, "ready" | "locate" | "lengthOf">,
  timeline: Timeline,
  { width, height }: { readonly width: number; readonly height: number },
): Promise<MeasuredVariant | undefined> {
  const ready = [...folder.ready].toSorted((a, b) => a - b);
  const isWhole = timeline.growth !== "going" && ready.length >= segmentCount(timeline);
  // The peak of a film that is whole is that of all its segments.
  const step = isWhole ? 1 : Math.max(1, ready.length / MOST_SEGMENTS);
  const sampled = ready.filter((_, i) => Math.floor(i / step) !== Math.floor((i - 1) / step));
  const looked = await Promise.allSettled(
    sampled.map(async (k) => ({
      k,
      bytes: await folder.lengthOf(k),
      seconds: segmentSeconds(timeline, k),
    })),
  );
  // One that somebody deleted does not make the film one that cannot be played.
  const found = looked.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
  const [first] = found;
  for (const each of looked)
    if (first === undefined && each.status === "rejected") throw each.reason;
  if (first === undefined) return undefined;
  const { peak, average, seconds } = ratesOf(found);
  // Little of a film, and that may be black, says less of it than its size does.
  const usual = lowerQuality({ width, height }, timeline).maxRate;
  const isLittle = !isWhole && (seconds * ready.length) / found.length < REPRESENTATIVE_SECONDS;
  return {
    bandwidth: isWhole ? peak : Math.max(peak * UNSEEN_FACTOR, isLittle ? usual : 0),
    averageBandwidth: average,
    codec: videoCodecName(await readStart(await folder.locate(first.k))),
  };
}

async function readStart({ path, start, length }: SegmentLocation): Promise<Buffer> {
  await using file = await open(path, "r");
  const bytes = Buffer.alloc(Math.min(length, BYTES_TO_READ));
  const { bytesRead } = await file.read(bytes, 0, bytes.length, start);
  return bytes.subarray(0, bytesRead);
}
