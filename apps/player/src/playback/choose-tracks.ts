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

/**
 * Name of the sound that is chosen: what the viewer wants where the film has it, else what plays. What plays is not enough:
 * hls.js reports another sound only when some of it has loaded.
 */
export function chosenAudio(
  { audioTracks, audio }: Pick<Tracks, "audioTracks" | "audio">,
  wanted: string | null,
): string {
  const chosen = idOf(audioTracks, wanted) ?? audio.value;
  return audioTracks.value.find(({ id }) => id === chosen)?.name ?? "";
}

const idOf = (tracks: Tracks["audioTracks"], name: string | null): number | undefined =>
  tracks.value.find((track) => track.name === name)?.id;
