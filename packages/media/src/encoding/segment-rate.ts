import { frameSeconds, type Timeline } from "@upreel/core";

/** A browser keeps about 150 MB of a film: ten segments of this size, or twenty seconds if each has two. */
const MOST_SEGMENT_BYTES = 15_000_000;
/** What the loudest sound of a film takes. */
export const MOST_SOUND_RATE = 400_000;
/** MPEG-TS: 188 bytes carry 184, and each picture begins a packet. */
export const PACKET_SHARE = 1.08;
/** The size of the client's buffer that the encoder assumes: so much may be above the rate. */
export const BUFFER_SECONDS = 1;

/** Bits a second that pictures may take: with its sound no segment exceeds 15 MB. */
export function mostPictureRate(timeline: Timeline): number {
  const seconds = frameSeconds(timeline, timeline.framesPerSegment);
  const bits = (MOST_SEGMENT_BYTES * 8) / PACKET_SHARE - MOST_SOUND_RATE * seconds;
  return Math.floor(bits / (seconds + BUFFER_SECONDS));
}
