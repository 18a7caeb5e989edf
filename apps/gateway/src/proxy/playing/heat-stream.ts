import { createReadStream } from "node:fs";
import {
  asPlanned,
  segmentAt,
  segmentCount,
  UpreelError,
  type SegmentLocation,
} from "@upreel/core";
import { parseAudioWish } from "../../http/hls/audio-wish.ts";
import type { ProxyDeps } from "../deps.ts";
import { measureVariant, offerAudio } from "@upreel/engine";
import type { Playback } from "../../viewing/playback.ts";

/** Segments from a place on that a player wants before it shows a picture, and while it is told to change. */
const FIRST_SEGMENTS = 4;

/** Film seconds that are hot from the place on. */
export const HOT_SECONDS = 4;

/**
 * Has ready what a client asks for first that begins a stream at a place: the figures of its playlist,
 * its pictures in memory, and its sound, which is made when it is asked for. Rejects where some of it
 * cannot be had.
 */
export function heatStream({
  records,
  streams,
  renditions,
}: Pick<ProxyDeps, "records" | "streams" | "renditions">) {
  return async ({ streamId, query }: Playback, seconds: number): Promise<void> => {
    if (streamId === undefined) return;
    const record = asPlanned(await records.read(streamId));
    if (record === undefined) throw new UpreelError("not_found", "the stream is not planned yet");
    const { source, output, timeline } = record;
    const wish = parseAudioWish(Object.fromEntries(new URLSearchParams(query)));
    const sound = offerAudio(source, output.audio, wish).find(({ isDefault }) => isDefault);
    const first = segmentAt(timeline, seconds);
    const wanted = Array.from({ length: FIRST_SEGMENTS }, (_, n) => first + n);
    const there = wanted.filter((k) => k < segmentCount(timeline));
    const folder = await streams.folder(streamId);
    await Promise.all([
      measureVariant(folder, timeline, output),
      ...there.flatMap((k) => [
        folder.locate(k).then(readThrough),
        ...(sound?.rendition === undefined
          ? []
          : [renditions.audioSegment(record, sound.rendition, k)]),
      ]),
    ]);
  };
}

/** From now on it is in the memory of the system. */
async function readThrough({ path, start, length }: SegmentLocation): Promise<void> {
  for await (const chunk of createReadStream(path, { start, end: start + length - 1 })) void chunk;
}
