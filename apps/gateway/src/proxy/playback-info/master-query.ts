import type { PlaybackCandidate } from "@upreel/jellyfin";
import type { ViewerQuality } from "../../viewing/playback.ts";

/** What is asked of `master.m3u8` for a client: the sound that it plays, no subtitles, and the quality that its viewer chose. */
export function masterQuery(
  { fileAudioIndex, sound }: PlaybackCandidate,
  quality: ViewerQuality | undefined,
): string {
  const track = fileAudioIndex === undefined ? "" : `audio=${fileAudioIndex}&`;
  const layout = sound === undefined ? "" : `channels=${sound.channels}&codecs=${sound.codecs}&`;
  // The client has subtitles from Jellyfin, and shows those that its viewer chose.
  const chosen = quality === "line" ? "&ladder=on" : quality && `&quality=${quality}`;
  return `${track}${layout}subtitles=none${chosen ?? ""}`;
}
