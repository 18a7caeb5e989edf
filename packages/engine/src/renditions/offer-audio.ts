import { UpreelError, type AudioTrack, type Output, type Source } from "@upreel/core";
import { chooseAudioTrack, isAudible, planAudioRendition, type AudioLayout } from "@upreel/media";
import { languageTag, trackNames } from "./track-label.ts";

/** What a player asks for in the query of `master.m3u8`. */
export interface AudioWish {
  /** Index of the stream in the file, as ffprobe counts; undefined: the muxed track. */
  readonly track: number | undefined;
  readonly layout: AudioLayout;
}

/** One way to hear one track. */
export interface OfferedAudio {
  readonly track: AudioTrack;
  readonly name: string;
  readonly language: string | undefined;
  readonly channels: number;
  readonly isDefault: boolean;
  /** RFC 6381. */
  readonly codec: string;
  /** Name of the rendition in URLs; undefined: it is in the segments, beside the pictures. */
  readonly rendition: string | undefined;
}

type RealAudio = Exclude<Output["audio"], { kind: "none" }>;

/**
 * What a master playlist offers to hear: the track that is muxed with the pictures, if any, the
 * others as renditions of their own, and the muxed one, too, where more channels of it are wanted.
 * Throws `bad_request` for a track that is none.
 */
export function offerAudio(
  source: Source,
  muxed: Output["audio"],
  wish: AudioWish,
): OfferedAudio[] {
  const tracks = source.audio.filter(isAudible);
  if (wish.track !== undefined) requireAudio(source, wish.track);
  const main = muxed.kind === "none" ? undefined : muxed.index;
  const wanted = wish.track ?? main ?? chooseAudioTrack(tracks)?.index;
  const names = trackNames(tracks);
  return tracks.flatMap((track) => {
    const plan = planAudioRendition(track, wish.layout);
    const named = {
      track,
      name: names.get(track.index) ?? "",
      language: languageTag(track.language),
    };
    const alone: OfferedAudio = {
      ...named,
      channels: channelsOf(track, plan),
      codec: codecOf(track, plan),
      isDefault: track.index === wanted,
      rendition: `${track.index}-${wish.layout}`,
    };
    if (muxed.kind === "none" || track.index !== muxed.index) return [alone];
    const isRicher = channelsOf(track, plan) > channelsOf(track, muxed);
    const beside: OfferedAudio = {
      ...named,
      name: isRicher ? `${named.name} (stereo)` : named.name,
      channels: channelsOf(track, muxed),
      codec: codecOf(track, muxed),
      isDefault: track.index === wanted && !isRicher,
      rendition: undefined,
    };
    return isRicher ? [alone, beside] : [beside];
  });
}

/** The audio stream of the file with this index. Throws `bad_request` when there is none. */
export function requireAudio(source: Source, index: number): AudioTrack {
  const tracks = source.audio.filter(isAudible);
  const track = tracks.find((candidate) => candidate.index === index);
  if (track !== undefined) return track;
  throw new UpreelError("bad_request", `stream ${index} of the film is no audio track`, {
    expected:
      tracks.length === 0
        ? "none: the film has no sound"
        : `the index of an audio stream in the file: ${tracks.map((t) => t.index).join(", ")}`,
    got: String(index),
  });
}

const channelsOf = (track: AudioTrack, plan: RealAudio): number =>
  plan.kind === "copy" ? track.channels : plan.channels;

/** By ISO/IEC 14496-3 object types; Dolby's as RFC 6381 clients know them. */
function codecOf(track: AudioTrack, plan: RealAudio): string {
  if (plan.kind === "aac") return "mp4a.40.2";
  switch (track.codec) {
    case "ac3":
      return "ac-3";
    case "eac3":
      return "ec-3";
    case "mp3":
      return "mp4a.40.34";
    default:
      break;
  }
  if (track.profile === "HE-AAC") return "mp4a.40.5";
  return track.profile === "HE-AACv2" ? "mp4a.40.29" : "mp4a.40.2";
}
