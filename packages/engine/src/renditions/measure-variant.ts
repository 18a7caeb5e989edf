import { open } from "node:fs/promises";
import {
  segmentSeconds,
  type Timeline,
  type SegmentLocation,
  type StreamFolder,
} from "@upreel/core";
import { videoCodecName } from "@upreel/watcher";

/** What the published segments say of the upscaled film. */
export interface MeasuredVariant {
  readonly bandwidth: number;
  readonly averageBandwidth: number;
  /** RFC 6381 name of the pictures; undefined where the segments do not tell. */
  readonly codec: string | undefined;
}

/** Enough to know a film by; each costs one look at the disk. */
const MOST_SEGMENTS = 60;
/** Parameter sets are in the first packets of a segment. */
const BYTES_TO_READ = 64 * 1024;
/** A film gets no fuller than this over what of it is made so far, as a rule. */
const UNSEEN_FACTOR = 1.5;

/** Measures a stream by its published segments; undefined as long as there are none. */
export async function measureVariant(
  folder: StreamFolder,
  timeline: Timeline,
): Promise<MeasuredVariant | undefined> {
  const ready = [...folder.ready].toSorted((a, b) => a - b);
  const step = Math.max(1, ready.length / MOST_SEGMENTS);
  const sampled = ready.filter((_, i) => Math.floor(i / step) !== Math.floor((i - 1) / step));
  const found = await Promise.all(
    sampled.map(async (k) => ({
      location: await folder.locate(k),
      seconds: segmentSeconds(timeline, k),
    })),
  );
  const [first] = found;
  if (first === undefined) return undefined;
  const bits = found.reduce((sum, { location }) => sum + location.length * 8, 0);
  const seconds = found.reduce((sum, each) => sum + each.seconds, 0);
  const peak = Math.max(...found.map((each) => (each.location.length * 8) / each.seconds));
  return {
    bandwidth: peak * UNSEEN_FACTOR,
    averageBandwidth: bits / seconds,
    codec: videoCodecName(await readStart(first.location)),
  };
}

async function readStart({ path, start, length }: SegmentLocation): Promise<Buffer> {
  await using file = await open(path, "r");
  const bytes = Buffer.alloc(Math.min(length, BYTES_TO_READ));
  const { bytesRead } = await file.read(bytes, 0, bytes.length, start);
  return bytes.subarray(0, bytesRead);
}
