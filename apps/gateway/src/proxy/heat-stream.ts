import { asPlanned, segmentAt, segmentCount } from "@upreel/core";
import { parseAudioWish } from "../http/audio-wish.ts";
import type { GatewayDeps } from "../http/deps.ts";
import { offerAudio } from "../renditions/offer-audio.ts";
import type { Playback } from "./playbacks.ts";

/** Segments from a place on that a player wants before it shows a picture, and while it is told to change. */
const FIRST_SEGMENTS = 4;

/**
 * Has what a client asks for first that begins a stream at a place: the sound, which is made when it is
 * asked for, and that the pictures are there.
 */
export function heatStream({
  records,
  streams,
  renditions,
}: Pick<GatewayDeps, "records" | "streams" | "renditions">) {
  return async ({ streamId, query }: Playback, seconds: number): Promise<void> => {
    if (streamId === undefined) return;
    const record = asPlanned(await records.read(streamId));
    if (record === undefined) return;
    const { source, output, timeline } = record;
    const wish = parseAudioWish(Object.fromEntries(new URLSearchParams(query)));
    const sound = offerAudio(source, output.audio, wish).find(({ isDefault }) => isDefault);
    const first = segmentAt(timeline, seconds);
    const wanted = Array.from({ length: FIRST_SEGMENTS }, (_, n) => first + n);
    const there = wanted.filter((k) => k < segmentCount(timeline));
    const folder = await streams.folder(streamId);
    await Promise.all(
      there.flatMap((k) => [
        folder.locate(k),
        ...(sound?.rendition === undefined
          ? []
          : [renditions.audioSegment(record, sound.rendition, k)]),
      ]),
    );
  };
}
