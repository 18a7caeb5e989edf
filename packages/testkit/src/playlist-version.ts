import { Parser } from "m3u8-parser";

/** One version of a playlist that clients could see. */
export interface PlaylistVersion {
  readonly text: string;
  readonly atMs: number;
}

export interface ListedSegment {
  readonly uri: string;
  /** Of the file `uri`; undefined: all of it. */
  readonly range: string | undefined;
  readonly seconds: number;
  readonly isDiscontinuity: boolean;
  /** EXT-X-PROGRAM-DATE-TIME of its own. */
  readonly programMs: number | undefined;
}

export interface ParsedVersion {
  readonly text: string;
  readonly atMs: number;
  readonly targetSeconds: number;
  readonly first: number;
  readonly segments: readonly ListedSegment[];
  readonly discontinuitySequence: number;
  readonly isEnded: boolean;
  readonly playlistType: string | undefined;
}

/** Undefined for anything but a whole file. */
export function parseVersion({ text, atMs }: PlaylistVersion): ParsedVersion | undefined {
  if (!text.startsWith("#EXTM3U\n") || !text.endsWith("\n")) return undefined;
  const parser = new Parser();
  parser.push(text);
  parser.end();
  const { manifest } = parser;
  return {
    text,
    atMs,
    targetSeconds: manifest.targetDuration ?? 0,
    first: manifest.mediaSequence ?? 0,
    segments: manifest.segments.map((segment) => ({
      uri: segment.uri,
      range:
        segment.byterange === undefined
          ? undefined
          : `${segment.byterange.length}@${segment.byterange.offset}`,
      seconds: segment.duration,
      isDiscontinuity: segment.discontinuity === true,
      programMs: segment.dateTimeObject?.getTime(),
    })),
    discontinuitySequence: manifest.discontinuitySequence ?? 0,
    isEnded: manifest.endList === true,
    playlistType: manifest.playlistType,
  };
}

export const secondsOf = (segments: readonly ListedSegment[]): number =>
  segments.reduce((sum, { seconds }) => sum + seconds, 0);

/** The segment that has this media sequence number in the version. */
export const segmentAt = (version: ParsedVersion, sequence: number): ListedSegment | undefined =>
  sequence < version.first ? undefined : version.segments[sequence - version.first];
