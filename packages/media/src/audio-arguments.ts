import {
  PTS_OFFSET_FRAMES,
  frameSeconds,
  segmentFrames,
  type Output,
  type Source,
  type Timeline,
} from "@upreel/core";
import { filmInput } from "./media-input.ts";

export interface AudioRequest {
  readonly source: Source;
  readonly timeline: Timeline;
  readonly audio: Output["audio"];
  /** Which of ffmpeg's inputs the source is, counted from 0. */
  readonly inputNumber: number;
  readonly fromSegment: number;
  readonly toSegment: number;
}

/** Decoding or copying begins so long before the first segment; a seek can land late. */
const MARGIN_SECONDS = 12;
const AAC_FRAME = 1024;
/** Dropped again; by then the encoder's rate control is where a run from the start would have it. */
const WARM_UP_PACKETS = 16;
const LOOK_AHEAD_PACKETS = 8;

/**
 * The sound of segments [fromSegment, toSegment): packets whose first sample lies in them, on the
 * clock of the output (timeline zero is at PTS_OFFSET_FRAMES).
 */
export function audioArguments(request: AudioRequest): { input: string[]; output: string[] } {
  const { source, timeline, audio } = request;
  if (audio.kind === "none") return { input: [], output: [] };
  const offset = frameSeconds(timeline, PTS_OFFSET_FRAMES);
  const from = frameSeconds(timeline, segmentFrames(timeline, request.fromSegment).first);
  const to = frameSeconds(timeline, segmentFrames(timeline, request.toSegment - 1).end);
  const seek = from - MARGIN_SECONDS;
  const input = [
    ...["-itsoffset", (offset - timeline.zeroMicros / 1e6).toFixed(6)],
    ...(seek > 0 ? ["-noaccurate_seek", "-ss", seek.toFixed(6)] : []),
    ...filmInput(source.path, "-vn", "-sn", "-dn"),
  ];
  // Half a sample of play, since time bases round.
  const half = 0.5 / audio.sampleRate;
  const a = (from + offset - half).toFixed(9);
  const b = (to + offset - half).toFixed(9);
  const drop = `noise=drop='lt(pts*tb,${a})+gte(pts*tb,${b})'`;
  const map = ["-map", `${request.inputNumber}:${audio.index}`];
  if (audio.kind === "copy") {
    return { input, output: [...map, "-c:a", "copy", "-copypriorss", "1", "-bsf:a", drop] };
  }
  // Packets lie on one grid from timeline zero on, so that separate runs meet.
  const zeroSample = Math.round(offset * audio.sampleRate);
  const firstPacket = Math.ceil((from * audio.sampleRate) / AAC_FRAME);
  const firstSample = zeroSample + (firstPacket - WARM_UP_PACKETS) * AAC_FRAME;
  // The encoder looks ahead: a film that broke off there would change its windows before the end.
  const lastSample = Math.ceil((to + offset) * audio.sampleRate) + LOOK_AHEAD_PACKETS * AAC_FRAME;
  const filters = [
    // Two steps, since aresample takes first_pts for samples of its input.
    `aresample=${audio.sampleRate}`,
    // Silence to the end: a track that ends early would leave segments without sound.
    "apad",
    `aresample=async=1:first_pts=${firstSample}`,
    `atrim=end_pts=${lastSample}`,
  ];
  return {
    input,
    output: [
      ...map,
      ...["-af", filters.join(","), "-c:a", "aac", "-b:a", String(audio.bitrate)],
      ...["-ac", String(audio.channels), "-bsf:a", drop],
    ],
  };
}
