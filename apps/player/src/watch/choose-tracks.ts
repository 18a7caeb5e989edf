import { effect } from "@preact/signals";
import type { Pictures } from "./pictures.ts";
import type { PlaybackView } from "./playback-state.ts";
import type { Subtitles } from "./subtitles.ts";
import type { Tracks } from "./tracks.ts";

/** Both films have the sound and subtitles of the names that were chosen; the function it gives ends it. */
export function chooseTracks(
  pictures: Pictures,
  { audio, subtitles }: Pick<PlaybackView, "audio" | "subtitles">,
  isDrawn: Subtitles["isDrawn"],
): () => void {
  const stops = Object.values(pictures).map((picture) =>
    effect(() => {
      const audioId = idOf(picture.audioTracks, audio.value);
      if (audioId !== undefined) picture.chooseAudio(audioId);
      const subtitlesId = idOf(picture.subtitleTracks, subtitles.value);
      if (isDrawn.value) picture.chooseSubtitles(-1);
      else if (subtitles.value !== null) picture.chooseSubtitles(subtitlesId ?? -1);
    }),
  );
  return () => {
    for (const stop of stops) stop();
  };
}

const idOf = (tracks: Tracks["audioTracks"], name: string | null): number | undefined =>
  tracks.value.find((track) => track.name === name)?.id;
