import { signal, type ReadonlySignal } from "@preact/signals";
import type Hls from "hls.js";
import { createLevels, type Levels } from "./levels.ts";

interface Track {
  readonly id: number;
  readonly name: string;
  readonly language: string | undefined;
}

/** Qualities, sound and subtitles of one film, as its playlist lists them. */
export interface Tracks extends Levels {
  readonly audioTracks: ReadonlySignal<readonly Track[]>;
  readonly subtitleTracks: ReadonlySignal<readonly Track[]>;
  /** Id of the chosen track; -1 for none. */
  readonly audio: ReadonlySignal<number>;
  readonly subtitles: ReadonlySignal<number>;
}

/** What hls.js finds is put in; `follow` once for each new hls.js. */
export function createTracks(): Tracks & {
  readonly follow: (hls: Hls, library: typeof Hls) => void;
} {
  const audioTracks = signal<readonly Track[]>([]);
  const subtitleTracks = signal<readonly Track[]>([]);
  const audio = signal(-1);
  const subtitles = signal(-1);
  const { follow: followLevels, ...levels } = createLevels();
  return {
    ...levels,
    ...{ audioTracks, subtitleTracks, audio, subtitles },
    follow(hls, library) {
      const { Events } = library;
      followLevels(hls, library);
      hls.on(Events.AUDIO_TRACKS_UPDATED, () => (audioTracks.value = hls.audioTracks.map(toTrack)));
      hls.on(
        Events.SUBTITLE_TRACKS_UPDATED,
        () => (subtitleTracks.value = hls.subtitleTracks.map(toTrack)),
      );
      hls.on(Events.AUDIO_TRACK_SWITCHED, (_event, { id }) => (audio.value = id));
      hls.on(Events.SUBTITLE_TRACK_SWITCH, (_event, { id }) => (subtitles.value = id));
    },
  };
}

/** hls.js knows a track by its place in the list. */
const toTrack = (track: { name?: string; lang?: string | undefined }, id: number): Track => ({
  id,
  name: track.name ?? track.lang ?? "",
  language: track.lang,
});
