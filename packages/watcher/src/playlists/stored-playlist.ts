import { readFile, stat } from "node:fs/promises";
import { Parser } from "m3u8-parser";
import { errnoOf } from "@upreel/files";

/** What a live.m3u8 that was written before a restart says. */
export interface StoredPlaylist {
  readonly text: string;
  readonly first: number;
  /** EXT-X-PROGRAM-DATE-TIME of the first segment. */
  readonly firstAtMs: number | undefined;
  readonly isEnded: boolean;
  readonly writtenAtMs: number;
}

/** Undefined when there is none, or one without a segment. */
export async function readStoredPlaylist(path: string): Promise<StoredPlaylist | undefined> {
  try {
    const [text, { mtimeMs }] = await Promise.all([readFile(path, "utf8"), stat(path)]);
    const parser = new Parser();
    parser.push(text);
    parser.end();
    const { mediaSequence, endList, segments } = parser.manifest;
    if (mediaSequence === undefined || segments.length === 0) return undefined;
    return {
      text,
      first: mediaSequence,
      firstAtMs: segments[0]?.dateTimeObject?.getTime(),
      isEnded: endList === true,
      writtenAtMs: mtimeMs,
    };
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return undefined;
    throw error;
  }
}
