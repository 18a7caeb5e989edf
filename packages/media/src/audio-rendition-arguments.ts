import {
  PTS_OFFSET_FRAMES,
  frameSeconds,
  segmentFrames,
  type Output,
  type Source,
  type Timeline,
} from "@upreel/core";
import { audioArguments } from "./audio-arguments.ts";
import { teeOutput } from "./tee-output.ts";

export interface AudioRenditionRequest {
  readonly source: Source;
  readonly timeline: Timeline;
  readonly audio: Exclude<Output["audio"], { kind: "none" }>;
  readonly fromSegment: number;
  readonly toSegment: number;
  /** Where `000123.ts` and so on are written; it must exist. */
  readonly folder: string;
}

/**
 * ffmpeg arguments that write the sound of segments [fromSegment, toSegment) alone, cut where the
 * pictures are cut and on their clock: each packet goes to the segment that its first sample lies in.
 */
export function audioRenditionArguments(request: AudioRenditionRequest): string[] {
  const { timeline, audio, fromSegment, toSegment, folder } = request;
  const { input, output } = audioArguments({ ...request, inputNumber: 0 });
  return [
    ...["-nostdin", "-hide_banner", "-loglevel", "error", "-y", "-copyts"],
    ...input,
    ...output,
    ...["-f", "tee"],
    // Through tee, as in a run: only there a packet filter sees the times it is told.
    teeOutput([
      {
        options: {
          f: "segment",
          ...cuts(timeline, audio.sampleRate, fromSegment, toSegment),
          segment_start_number: String(fromSegment),
          segment_format: "mpegts",
          segment_format_options: "mpegts_flags=+initial_discontinuity:mpegts_copyts=1",
        },
        path: `${folder}/%06d.ts`,
      },
    ]),
  ];
}

/** Half a sample early, like the ends in audioArguments, since time bases round. */
function cuts(
  timeline: Timeline,
  sampleRate: number,
  fromSegment: number,
  toSegment: number,
): Readonly<Record<string, string>> {
  const times: string[] = [];
  for (let k = fromSegment + 1; k < toSegment; k += 1) {
    const { first } = segmentFrames(timeline, k);
    times.push((frameSeconds(timeline, PTS_OFFSET_FRAMES + first) - 0.5 / sampleRate).toFixed(6));
  }
  // Without times the muxer would cut every two seconds.
  return times.length === 0 ? { segment_time: "86400" } : { segment_times: times.join(",") };
}
