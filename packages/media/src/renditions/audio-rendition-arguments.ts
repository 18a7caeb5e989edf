import { join } from "node:path";
import {
  PTS_OFFSET_FRAMES,
  frameSeconds,
  segmentFileName,
  segmentFrames,
  type Output,
  type Source,
  type Timeline,
} from "@upreel/core";
import { audioArguments } from "../sound/audio-arguments.ts";
import { dropOutside, segmentFiles } from "./segment-files.ts";

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
  // Half a sample early, like the ends in audioArguments, since time bases round.
  const startOf = (k: number): number =>
    frameSeconds(timeline, PTS_OFFSET_FRAMES + segmentFrames(timeline, k).first) -
    0.5 / audio.sampleRate;
  const files = Array.from({ length: toSegment - fromSegment }, (_, i) => {
    const k = fromSegment + i;
    return {
      path: join(folder, segmentFileName(k)),
      drop: dropOutside(startOf(k), startOf(k + 1)),
    };
  });
  return [
    ...["-nostdin", "-hide_banner", "-loglevel", "error", "-y", "-copyts"],
    ...input,
    ...output,
    ...segmentFiles(files, {
      f: "mpegts",
      mpegts_flags: "+initial_discontinuity",
      mpegts_copyts: "1",
    }),
  ];
}
