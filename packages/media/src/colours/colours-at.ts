import {
  pieceSpans,
  type ColourChange,
  type Output,
  type Source,
  type Timeline,
  type VideoTrack,
} from "@upreel/core";
import { completeColour } from "../picture/colour.ts";
import { writeCube } from "../hdr/cube-file.ts";
import { writeShader } from "../hdr/tone-map-shader.ts";
import type { FoundColours } from "./find-colours.ts";
import { sdrChange, writeSdrTable, type SdrChange } from "./sdr-table.ts";

/** The track as its pictures are at `frame`: their colours may change in mid-film. */
export function trackAt({ video }: Pick<Source, "video">, t: Timeline, frame: number): VideoTrack {
  const change = t.colours?.findLast(({ firstFrame }) => firstFrame <= frame);
  return change === undefined ? video : withColours(video, change);
}

/**
 * The track with the colours of its first pictures: where they change, a file may be described by those
 * of others.
 */
export const beginsWith = (video: VideoTrack, { first, changes }: FoundColours): VideoTrack =>
  first === undefined || changes.length === 0 ? video : withColours(video, first);

function withColours(video: VideoTrack, change: Omit<ColourChange, "firstFrame">): VideoTrack {
  const { hdr: _, ...plain } = video;
  const { pixelFormat, bitDepth, colour, hdr } = change;
  return { ...plain, pixelFormat, bitDepth, colour, ...(hdr === undefined ? {} : { hdr }) };
}

/** What these pictures are coded for, where the output is coded for something else; undefined: it is not, or they are HDR. */
export function changedColours(
  { video }: Pick<Source, "video">,
  { colours }: Timeline,
  { colour }: Pick<Output, "colour">,
): SdrChange | undefined {
  if (colours === undefined || video.hdr !== undefined) return undefined;
  const own = completeColour(video.colour, video.height);
  const { primaries = own.primaries, transfer = own.transfer } = colour;
  return sdrChange(own, { primaries, transfer });
}

/** Makes sure that the files are there that the decoders of a film look colours up in, HDR on that device if there is one. */
export async function writeColourTables(
  source: Source,
  timeline: Timeline,
  output: Output,
  toneMapDevice?: number,
): Promise<void> {
  const writeHdr = toneMapDevice === undefined ? writeCube : writeShader;
  const frames = [0, ...(timeline.colours ?? []).map(({ firstFrame }) => firstFrame)];
  for (const video of frames.map((frame) => trackAt(source, timeline, frame))) {
    if (video.hdr !== undefined) await writeHdr(video.hdr);
    const change = changedColours({ video }, timeline, output);
    if (change !== undefined) await writeSdrTable(change);
  }
}

/** Frames that one decoder makes: they lie in one piece of the source, and have the same colours. */
export interface DecodeSpan {
  readonly firstFrame: number;
  readonly frames: number;
}

/** Frames [first, end) for one decoder after the other. */
export const decodeSpans = (t: Timeline, first: number, end: number): DecodeSpan[] =>
  pieceSpans(t, first, end).flatMap(({ firstFrame, endFrame }) => {
    const borders = (t.colours ?? [])
      .map((change) => change.firstFrame)
      .filter((frame) => frame > firstFrame && frame < endFrame);
    const starts = [firstFrame, ...borders];
    return starts.map((from, n) => ({
      firstFrame: from,
      frames: (starts[n + 1] ?? endFrame) - from,
    }));
  });
