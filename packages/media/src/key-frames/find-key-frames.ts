import { filmParts, frameSeconds, type FilmPart, type Source, type Timeline } from "@upreel/core";
import { filmInput } from "../ffmpeg/media-input.ts";
import type { Packet } from "../packet-index/packet.ts";
import { readPackets } from "../packet-index/read-packets.ts";
import { scanKeyFrames, type KeyFrames } from "./scan-key-frames.ts";
import type { KeyFrameIndex, ReadBytes } from "./key-frame-index.ts";
import { matroskaCues } from "./matroska-cues.ts";
import { mp4KeyFrames } from "./mp4-key-frames.ts";

/** Some files list only one key frame a minute; a film is cut better by all of its key frames. */
const LONGEST_GAP_MICROS = 15_000_000;
/** How many of the listed key frames are checked, from the first to the last. */
const SAMPLES = 8;
/** Times are rounded to milliseconds in Matroska. */
const ROUNDING_MICROS = 1_000;
/** Then all of the film is read, which is told how long it may take. */
const LONGEST_LOOK_MS = 30_000;

interface Film {
  readonly source: Source;
  readonly timeline: Timeline;
}

interface Tools {
  readonly ffprobe: string;
  /** Of this film. */
  readonly readBytes: ReadBytes;
}

/**
 * Where a film can be entered: by the list in its container where there is one that holds, else by reading all of it, which of
 * a long film on a slow disk takes minutes. Throws as `scanKeyFrames`.
 */
export async function findKeyFrames(
  film: Film,
  tools: Tools,
  signal: AbortSignal,
): Promise<KeyFrames> {
  // If the disk fails here, the pass over the whole film says so.
  const listed = await listedKeyFrames(film, tools, signal).catch(() => undefined);
  signal.throwIfAborted();
  return listed ?? (await scanKeyFrames(film, tools, signal));
}

async function listedKeyFrames(
  { source, timeline }: Film,
  tools: Tools,
  signal: AbortSignal,
): Promise<KeyFrames | undefined> {
  const [part, ...more] = filmParts(timeline);
  // In recordings with several clocks the order in the file is not the order in which they are shown.
  if (part === undefined || more.length > 0 || part.bytes !== undefined) return undefined;
  const index = await indexOf(source, tools.readBytes);
  if (index === undefined || !isUsable(index, part, frameSeconds(timeline, 1))) return undefined;
  const seen = await lookAt(source, index.micros, tools, signal);
  return seen && keyFramesOf(index, part, seen);
}

const indexOf = async (
  { format, video }: Source,
  read: ReadBytes,
): Promise<KeyFrameIndex | undefined> => {
  if (/matroska|webm/.test(format)) return await matroskaCues(read);
  return /mov|mp4/.test(format) ? await mp4KeyFrames(read, video.index) : undefined;
};

/** Whether it begins with the film and goes on in small steps. */
function isUsable({ micros }: KeyFrameIndex, part: FilmPart, pictureSeconds: number): boolean {
  const [first] = micros;
  const isFromStart =
    first !== undefined &&
    Math.abs(first / 1e6 + part.offsetSeconds - part.startSeconds) < 1.5 * pictureSeconds;
  return (
    isFromStart &&
    micros.every((each, n) => {
      const step = n === 0 ? 1 : each - (micros[n - 1] ?? 0);
      return step > 0 && step <= LONGEST_GAP_MICROS;
    })
  );
}

/** What the film's last packets say. */
interface Ending {
  readonly endMicros: number;
  readonly bytes: number;
}

/**
 * Reads the packets at some of these places, and all from the last one on; undefined where one is no key frame, or the film goes
 * on for long after the last.
 */
async function lookAt(
  source: Source,
  micros: readonly number[],
  tools: Pick<Tools, "ffprobe">,
  signal: AbortSignal,
): Promise<Ending | undefined> {
  const last = micros.at(-1) ?? 0;
  const count = Math.min(SAMPLES, micros.length);
  const samples = Array.from(
    { length: count },
    (_, n) => micros[Math.round(((micros.length - 1) * n) / Math.max(1, count - 1))] ?? 0,
  );
  // A little later, because a seek finds the last key frame before its place.
  const secondsOf = (at: number): string => ((at + ROUNDING_MICROS) / 1e6).toFixed(6);
  const places = samples.map((at) => `${secondsOf(at)}%${at === last ? "" : "+#1"}`);
  const missing = new Set(samples);
  let endMicros = -Infinity;
  let bytes = 0;
  const onPacket = ({ ptsMicros, dtsMicros, durationMicros, isKey, ...packet }: Packet): void => {
    const at = ptsMicros ?? dtsMicros;
    if (at === undefined) return;
    const near = samples.find((each) => Math.abs(each - at) <= ROUNDING_MICROS);
    if (near !== undefined && isKey) missing.delete(near);
    endMicros = Math.max(endMicros, at + (durationMicros ?? 0));
    if (missing.size === 0) bytes += packet.bytes;
    if (at > last + LONGEST_GAP_MICROS) reading.stop();
  };
  const reading = readPackets(
    [
      ...["-select_streams", String(source.video.index), "-read_intervals", places.join(",")],
      ...filmInput(source.path),
    ],
    tools,
    onPacket,
    AbortSignal.any([signal, AbortSignal.timeout(LONGEST_LOOK_MS)]),
  );
  const { why } = await reading.ended;
  return why === "end" && missing.size === 0 ? { endMicros, bytes } : undefined;
}

function keyFramesOf({ micros, bytes }: KeyFrameIndex, part: FilmPart, ending: Ending): KeyFrames {
  const shown = (at: number): number => Math.round(at + part.offsetSeconds * 1e6);
  return {
    groups: micros.map((at, n) => ({
      ...{ part: 0, startMicros: shown(at) },
      bytes: (n === micros.length - 1 ? undefined : bytes[n]) ?? ending.bytes,
    })),
    endMicros: shown(ending.endMicros),
  };
}
