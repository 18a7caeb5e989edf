import type { AudioTrack } from "@upreel/core";
import type { TrackLog } from "../packet-index/track-log.ts";
import { namesItsLayout } from "./aac-config.ts";

/** What is known of a track when copying it is planned. */
export interface SoundEvidence {
  readonly track: AudioTrack;
  /** ffprobe's name of the container. */
  readonly format: string;
  /** All packets of the track; undefined where not all were read. */
  readonly log: TrackLog | undefined;
  /** Its AudioSpecificConfig, where the container has one. */
  readonly config: Uint8Array | undefined;
  /** Begin and end of the timeline on the clock of the source; undefined: the clock jumps. */
  readonly film: { readonly startMicros: number; readonly endMicros: number } | undefined;
}

/** A segment whose sound begins later, or ends earlier, makes players wait. */
const EDGE_MICROS = 100_000;

/**
 * What keeps a track from being copied in segments that any player may begin with; undefined: nothing,
 * its packets meet from the film's first frame to its last.
 */
export function whyNotCopied(evidence: SoundEvidence): string | undefined {
  const { track, format, log, config, film } = evidence;
  if (log === undefined) return "not all of its packets are known";
  if (film === undefined) return "the clock of the film jumps";
  if (isMpegSound(track) && isBroadcast(format)) return "its layout may change at any packet";
  if (track.codec === "aac" && (config === undefined || !namesItsLayout(config))) {
    return "its layout stands in the first packet alone";
  }
  const [only, more] = log.fragments;
  if (only === undefined) return "it has no packet";
  if (more !== undefined || log.gapCount > 0) return "it has holes";
  // Recordings that were joined as they are: the sound of each lasts a little longer than its pictures.
  if (log.cutShort > 0) return "its packets overlap";
  if (only.startMicros > film.startMicros + EDGE_MICROS) return "it begins after the film";
  return only.endMicros < film.endMicros - EDGE_MICROS ? "it ends before the film" : undefined;
}

/** Sound whose packets are of one kind by the container's header alone. Dolby's describe themselves. */
const isMpegSound = ({ codec }: AudioTrack): boolean => codec === "aac" || codec === "mp3";

const isBroadcast = (format: string): boolean => /^(mpegts|mpeg)$/.test(format);
