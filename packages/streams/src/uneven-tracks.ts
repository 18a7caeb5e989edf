import {
  durationSeconds,
  frameSeconds,
  timelinePieces,
  type Reason,
  type StreamRecord,
  type Timeline,
} from "@upreel/core";

/** A shorter end is how films are cut, and nobody's loss. */
const PICTURE_SECONDS = 1;
const SOUND_SECONDS = 2;

/**
 * Why a film shows its last picture, is silent, or has wrong colours for a while: picture and sound of its
 * source are not equally long, or some of its colours cannot be read. undefined: nothing is known of that.
 */
export function unevenTracks({ source, timeline, output }: StreamRecord): Reason | undefined {
  if (source === undefined || timeline === undefined) return undefined;
  const strange = strangeColours(timeline);
  if (strange !== undefined) return strange;
  const pieces = timelinePieces(timeline);
  const still = pieces.find(
    ({ stillFrom, endFrame }) =>
      stillFrom !== undefined && frameSeconds(timeline, endFrame - stillFrom) > PICTURE_SECONDS,
  );
  if (still?.stillFrom !== undefined) {
    return {
      code: "source_uneven",
      message: `the film has no pictures from ${clock(frameSeconds(timeline, still.stillFrom))} on, but sound: the last picture stays`,
      expected: `pictures until ${clock(frameSeconds(timeline, still.endFrame))}`,
      got: "sound alone",
    };
  }
  const audio = output?.audio;
  if (audio === undefined || audio.kind === "none" || pieces.length > 1) return undefined;
  const end = source.audio.find(({ index }) => index === audio.index)?.endSeconds;
  const seconds = durationSeconds(timeline);
  if (end === undefined || end >= seconds - SOUND_SECONDS) return undefined;
  return {
    code: "source_uneven",
    message: `the film has no sound from ${clock(end)} on: silence follows`,
    expected: `sound until ${clock(seconds)}`,
    got: "pictures alone",
  };
}

function strangeColours(timeline: Timeline): Reason | undefined {
  const change = timeline.colours?.find(({ hdr }) => hdr?.base === "none");
  if (change?.hdr === undefined) return undefined;
  const from = clock(frameSeconds(timeline, change.firstFrame));
  return {
    code: "source_uneven",
    message: `the film is ${change.hdr.name} from ${from} on: its colours are wrong there`,
    expected: "colours that not only Dolby's own decoders can show",
    got: change.hdr.name,
  };
}

const clock = (seconds: number): string =>
  new Date(Math.max(0, Math.floor(seconds)) * 1_000).toISOString().slice(11, 19);
