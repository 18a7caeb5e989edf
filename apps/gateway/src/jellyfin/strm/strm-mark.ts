import { basename } from "node:path";

/** A name in a folder of its own ends with a mark that Jellyfin leaves out of titles. */
const MARK = /\[upreel-([a-z2-7]{10})\]\.strm$/;
export const MARK_LENGTH = 10;
/** What such a file holds; Jellyfin names it as the path of the version that it makes of it. */
const URL_OF_STREAM = /^https?:\/\/\S+\/hls\/([a-z2-7]{10,})\/stream\.m3u8\?absolute$/;
const BESIDE = / - Upscaled( \d+)?\.strm$/;

/**
 * The stream that a `.strm` of ours stands for, by the beginning of its id: from the file's name or from
 * its content. Works for Jellyfin's paths, too.
 */
export function markOf(path: string): string | undefined {
  const name = basename(path.replaceAll("\\", "/"));
  return MARK.exec(name)?.[1] ?? URL_OF_STREAM.exec(path.trim())?.[1];
}

/** Whether a path is that of a `.strm` of ours, whichever stream it stands for. */
export const isOwnStrm = (path: string): boolean => markOf(path) !== undefined || BESIDE.test(path);
