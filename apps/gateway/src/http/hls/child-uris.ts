import type { AudioRendition, SubtitleRendition } from "@upreel/watcher";
import type { Request } from "express";
import { type FilmSubtitle, type OfferedAudio, offerSubtitles } from "@upreel/engine";

/** With its question mark; empty without one. Children of a master playlist keep it. */
export function queryOf(request: Request): string {
  const at = request.originalUrl.indexOf("?");
  return at < 0 ? "" : request.originalUrl.slice(at);
}

/** One way to hear that is in the pictures' segments is no choice. */
export const audioRenditions = (
  audio: readonly OfferedAudio[],
  query: string,
): readonly AudioRendition[] =>
  audio.length === 1 && audio[0]?.rendition === undefined
    ? []
    : audio.map(({ rendition, ...each }) => ({
        ...each,
        uri: rendition === undefined ? undefined : `audio/${rendition}/playlist.m3u8${query}`,
      }));

/** Text subtitles of a film; none where the query says `subtitles=none`. */
export const subtitleRenditions = (
  request: Request,
  tracks: readonly FilmSubtitle[],
): readonly SubtitleRendition[] =>
  request.query["subtitles"] === "none"
    ? []
    : offerSubtitles(tracks)
        .filter(({ whyNot }) => whyNot === undefined)
        .map(({ index, ...each }) => ({
          ...each,
          uri: `subtitles/${index}/playlist.m3u8${queryOf(request)}`,
        }));

/** CODECS of a variant with its renditions; undefined where the pictures have no name. */
export const codecsOf = (
  video: string | undefined,
  audio: readonly OfferedAudio[],
): string[] | undefined =>
  video === undefined ? undefined : [video, ...new Set(audio.map(({ codec }) => codec))];
