import type { AudioTrack, Output } from "@upreel/core";

const COPIED_RATES = [32_000, 44_100, 48_000];
const COPIED_AAC_PROFILES = ["LC", "HE-AAC", "HE-AACv2"];

/** What every HLS client can play in MPEG-TS. */
function canBeCopied(track: AudioTrack): boolean {
  if (!COPIED_RATES.includes(track.sampleRate)) return false;
  if (track.codec === "mp3") return track.channels <= 2;
  return (
    track.codec === "aac" &&
    track.channels <= 6 &&
    COPIED_AAC_PROFILES.includes(track.profile ?? "LC")
  );
}

/**
 * Copied sound begins and ends where the track does; segments without any would stop browsers, so a
 * track that does not last the film is encoded, with silence where it has none.
 */
const isWholeFilm = (track: AudioTrack, filmSeconds: number): boolean =>
  (track.startSeconds ?? 0) <= 0.5 && (track.endSeconds ?? filmSeconds) >= filmSeconds - 1;

/** The default track, as it is where clients can play it, else as stereo AAC. */
export function planAudio(tracks: readonly AudioTrack[], filmSeconds: number): Output["audio"] {
  const real = tracks.filter((track) => track.channels > 0 && track.sampleRate > 0);
  const track = real.find((candidate) => candidate.isDefault) ?? real[0];
  if (track === undefined) return { kind: "none" };
  if (canBeCopied(track) && isWholeFilm(track, filmSeconds)) {
    return { kind: "copy", index: track.index, sampleRate: track.sampleRate };
  }
  const channels = Math.min(track.channels, 2);
  return {
    kind: "aac",
    index: track.index,
    sampleRate: track.sampleRate === 44_100 ? 44_100 : 48_000,
    channels,
    bitrate: channels * 96_000,
  };
}
