import type { PlaybackCandidate } from "@upreel/jellyfin";

/** What is asked of `master.m3u8` for a client: the sound that it plays, no subtitles. */
export function masterQuery({ fileAudioIndex, sound }: PlaybackCandidate): string {
  const track = fileAudioIndex === undefined ? "" : `audio=${fileAudioIndex}&`;
  const layout = sound === undefined ? "" : `channels=${sound.channels}&codecs=${sound.codecs}&`;
  // The client has subtitles from Jellyfin, and shows those that its viewer chose.
  return `${track}${layout}subtitles=none`;
}
