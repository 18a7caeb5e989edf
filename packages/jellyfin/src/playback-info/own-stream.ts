import type { PlaybackAnswer } from "./schema.ts";

/**
 * Path and query of Jellyfin's own HLS stream for a source, as its answer names it, for the play session
 * `playSessionId`: with the sound and subtitles that were asked for. Undefined where it names none, as
 * for a file that the client plays directly. Jellyfin's base URL is not in it; clients put it before.
 */
export function ownStreamUrl(
  answer: PlaybackAnswer,
  sourceId: string,
  playSessionId: string,
): string | undefined {
  const source = answer.MediaSources.find(({ Id }) => Id === sourceId);
  const { TranscodingUrl: url, TranscodingSubProtocol: protocol } = source ?? {};
  if (protocol?.toLowerCase() !== "hls" || !/^\/[^/\\][^?]*\.m3u8\?/i.test(url ?? ""))
    return undefined;
  // The client's reports, and its word that it has ended, name the session of the first answer.
  const session = encodeURIComponent(playSessionId);
  return url?.replace(/([?&]playSessionId=)[^&]*/i, (_, name: string) => name + session);
}
