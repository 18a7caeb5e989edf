import {
  PTS_OFFSET_FRAMES,
  filmPartAt,
  frameSeconds,
  segmentFrames,
  segmentStartSeconds,
  type Output,
  type Source,
  type Timeline,
} from "@upreel/core";
import { partInput } from "../ffmpeg/part-input.ts";
import { encodedSamples, zeroSample, type SoundRequest } from "./sound-grid.ts";

export interface AudioRequest {
  readonly source: Source;
  readonly timeline: Timeline;
  readonly audio: Output["audio"];
  /** Which of ffmpeg's inputs the sound is, counted from 0. */
  readonly inputNumber: number;
  readonly fromSegment: number;
  readonly toSegment: number;
}

/** Copied sound is read from so long before the first segment, since a seek can land late. */
const MARGIN_SECONDS = 12;

/**
 * The sound of segments [fromSegment, toSegment): packets whose first sample lies in them, on the
 * clock of the output (timeline zero is at PTS_OFFSET_FRAMES). Sound that is encoded comes by standard
 * input (`startEncoder`), copied sound from the source.
 */
export function audioArguments(request: AudioRequest): { input: string[]; output: string[] } {
  const { timeline, audio } = request;
  if (audio.kind === "none") return { input: [], output: [] };
  const offset = frameSeconds(timeline, PTS_OFFSET_FRAMES);
  const from = segmentStartSeconds(timeline, request.fromSegment);
  const to = frameSeconds(timeline, segmentFrames(timeline, request.toSegment - 1).end);
  // Half a sample of play, since time bases round.
  const half = 0.5 / audio.sampleRate;
  const a = (from + offset - half).toFixed(9);
  const b = (to + offset - half).toFixed(9);
  const drop = ["-bsf:a", `noise=drop='lt(pts*tb,${a})+gte(pts*tb,${b})'`];
  return audio.kind === "copy"
    ? { input: copiedInput(request, from, offset), output: [...copiedOutput(request), ...drop] }
    : encodedArguments({ ...request, audio }, drop);
}

/** For a film of one part: sound behind a jump of the clock is encoded. */
function copiedInput(
  { source, timeline }: AudioRequest,
  from: number,
  zeroSeconds: number,
): string[] {
  const fromSeconds = from - MARGIN_SECONDS;
  return partInput(source, filmPartAt(timeline, from), {
    ...{ fromSeconds, zeroSeconds, options: ["-vn", "-sn", "-dn"] },
  });
}

const copiedOutput = ({ inputNumber, audio }: AudioRequest): string[] => [
  ...["-map", `${inputNumber}:${audio.kind === "none" ? 0 : audio.index}`],
  ...["-c:a", "copy", "-copypriorss", "1"],
];

function encodedArguments(
  request: SoundRequest & Pick<AudioRequest, "inputNumber">,
  drop: readonly string[],
): { input: string[]; output: string[] } {
  const { timeline, audio } = request;
  const first = zeroSample(timeline, audio.sampleRate) + encodedSamples(request).from;
  return {
    input: [
      ...["-f", "f32le", "-ar", String(audio.sampleRate), "-ac", String(audio.channels)],
      ...["-i", "pipe:0"],
    ],
    output: [
      ...["-map", `${request.inputNumber}:0`, "-af", `asetpts=N+${first}`],
      ...["-c:a", "aac", "-b:a", String(audio.bitrate), ...drop],
    ],
  };
}
