import {
  isSameLanguage,
  UpreelError,
  type AudioTrack,
  type Output,
  type Profile,
  type Source,
} from "@upreel/core";

const COPIED_RATES = [32_000, 44_100, 48_000];
const COPIED_AAC_PROFILES = ["LC", "HE-AAC", "HE-AACv2"];

/** What every HLS client can play in MPEG-TS, from any segment on. */
function canBeCopied(track: AudioTrack, maxChannels: number): boolean {
  if (track.isCopyable !== true || !COPIED_RATES.includes(track.sampleRate)) return false;
  if (track.codec === "mp3") return track.channels <= 2;
  return (
    track.codec === "aac" &&
    track.channels <= maxChannels &&
    COPIED_AAC_PROFILES.includes(track.profile ?? "LC")
  );
}

const isDolby = ({ codec, sampleRate }: AudioTrack): boolean =>
  (codec === "ac3" || codec === "eac3") && sampleRate === 48_000;

/** Whether a track has anything that can be heard. */
export const isAudible = (track: AudioTrack): boolean => track.channels > 0 && track.sampleRate > 0;

/**
 * The film's own sound: the default track, else the first, where there is a choice none that is marked
 * as a commentary or the like.
 */
export function chooseAudioTrack(tracks: readonly AudioTrack[]): AudioTrack | undefined {
  const real = tracks.filter(isAudible);
  const main = real.filter(({ isAside }) => !isAside);
  const choice = main.length > 0 ? main : real;
  return choice.find(({ isDefault }) => isDefault) ?? choice[0];
}

/**
 * The track that is wanted: the one with that index, or the film's own choice among the tracks in that language; if there
 * is none, the film's own choice of all. Throws `audio_unknown` for an index that no audible track has.
 */
function wantedTrack(
  tracks: readonly AudioTrack[],
  wanted: Profile["audio"],
): AudioTrack | undefined {
  if (wanted === undefined) return chooseAudioTrack(tracks);
  if (typeof wanted === "string") {
    const spoken = tracks.filter(
      ({ language }) => language !== undefined && isSameLanguage(language, wanted),
    );
    return chooseAudioTrack(spoken) ?? chooseAudioTrack(tracks);
  }
  const found = tracks.find((track) => track.index === wanted && isAudible(track));
  if (found !== undefined) return found;
  const indexes = tracks.filter(isAudible).map(({ index }) => index);
  throw new UpreelError("audio_unknown", "the film has no such audio track", {
    expected: indexes.length === 0 ? "none: it has no sound" : indexes.join(", "),
    got: String(wanted),
  });
}

/**
 * The film's own sound, or what is wanted in place of it, as it is where clients can play it, else as AAC: in stereo, unless players get
 * more channels of such films where they are copied.
 */
export function planAudio(
  tracks: readonly AudioTrack[],
  wanted?: Profile["audio"],
): Output["audio"] {
  const track = wantedTrack(tracks, wanted);
  if (track === undefined) return { kind: "none" };
  // Copied sound may have to be encoded from some segment on; with MP3 the codec would change in mid-film.
  if (track.codec !== "aac") return encodeOf(track, 2);
  return canBeCopied(track, 6) ? copyOf(track) : encodeOf(track, 6);
}

/** The same output with its sound encoded, in as many channels as are copied. */
export function encodeSound(output: Output, { audio }: Pick<Source, "audio">): Output {
  const planned = output.audio;
  const track = planned.kind === "copy" && audio.find(({ index }) => index === planned.index);
  return track ? { ...output, audio: encodeOf(track, 6) } : output;
}

/** How a track is offered by itself. `dolby`: AC-3 and E-AC-3 stay what they are. */
export type AudioLayout = "stereo" | "surround" | "dolby";

/** The sound of one audible track in a layout: as it is where that fits, else as AAC, 5.1 at most. */
export function planAudioRendition(
  track: AudioTrack,
  layout: AudioLayout,
): Exclude<Output["audio"], { kind: "none" }> {
  const isCopied =
    (track.codec === "aac" && canBeCopied(track, MAX_CHANNELS[layout])) ||
    (layout === "dolby" && isDolby(track) && track.isCopyable === true);
  return isCopied ? copyOf(track) : planEncodedAudio(track, layout);
}

/** The same, encoded in any case: with silence where the track has no sound. */
export const planEncodedAudio = (track: AudioTrack, layout: AudioLayout) =>
  encodeOf(track, MAX_CHANNELS[layout]);

const MAX_CHANNELS = { stereo: 2, surround: 6, dolby: 6 } as const;

const copyOf = (track: AudioTrack) =>
  ({ kind: "copy", index: track.index, sampleRate: track.sampleRate }) as const;

/**
 * Mono, stereo or 5.1. The encoder describes other layouts (2.1, 6.1) in a PCE, which a player misses if it begins at a
 * later segment.
 */
function encodeOf(track: AudioTrack, maxChannels: number) {
  const channels = track.channels <= 2 ? track.channels : maxChannels;
  return {
    kind: "aac",
    index: track.index,
    sampleRate: track.sampleRate === 44_100 ? 44_100 : 48_000,
    channels,
    bitrate: channels * (channels <= 2 ? 96_000 : 64_000),
  } as const;
}
