import {
  PTS_OFFSET_FRAMES,
  frameSeconds,
  segmentFrames,
  segmentStartSeconds,
  type Output,
  type Source,
  type Timeline,
} from "@upreel/core";

/** Sound that is decoded and encoded anew. */
export type EncodedAudio = Extract<Output["audio"], { kind: "aac" }>;

/** The sound of segments [fromSegment, toSegment). */
export interface SoundRequest {
  readonly source: Source;
  readonly timeline: Timeline;
  readonly audio: EncodedAudio;
  readonly fromSegment: number;
  readonly toSegment: number;
}

const AAC_FRAME = 1024;
/** Dropped again; by then the encoder's rate control is where a run from the start would have it. */
const WARM_UP_PACKETS = 16;
/** The encoder looks ahead: a film that broke off would change its windows before the end. */
const LOOK_AHEAD_PACKETS = 8;

/**
 * The samples [from, to) of the timeline that the encoder is given for these segments. Its packets lie
 * on one grid from timeline zero on, so that separate runs meet.
 */
export function encodedSamples({ timeline, audio, fromSegment, toSegment }: SoundRequest): {
  readonly from: number;
  readonly to: number;
} {
  const from = segmentStartSeconds(timeline, fromSegment);
  const to = frameSeconds(timeline, segmentFrames(timeline, toSegment - 1).end);
  const firstPacket = Math.ceil((from * audio.sampleRate) / AAC_FRAME);
  return {
    from: (firstPacket - WARM_UP_PACKETS) * AAC_FRAME,
    to: Math.ceil(to * audio.sampleRate) + LOOK_AHEAD_PACKETS * AAC_FRAME,
  };
}

/** The sample of the output's clock at which the timeline begins. */
export const zeroSample = (timeline: Timeline, sampleRate: number): number =>
  Math.round(frameSeconds(timeline, PTS_OFFSET_FRAMES) * sampleRate);
