import type { DeviceProfile, MediaStream, PlaybackRequest } from "./schema.ts";

/** How a client wants its sound, in the query of a master playlist. */
export interface SoundWish {
  readonly channels: 6;
  /** `ac3`: Dolby sound may stay what it is. */
  readonly codecs: "aac" | "aac,ac3";
}

/** 5.1; players that take 7.1 take this, too, and the stream holds no more. */
const SURROUND = 6;
const DOLBY = ["ac3", "eac3"];

/**
 * More than stereo, where the chosen track has it and the client says that it plays it; undefined:
 * stereo. A profile that names no number of channels is one of a client that wants two.
 */
export function soundWish(
  request: PlaybackRequest,
  audio: MediaStream | undefined,
): SoundWish | undefined {
  const profile = hlsProfile(request.DeviceProfile);
  if (profile === undefined || (audio?.Channels ?? 0) < SURROUND) return undefined;
  const own = audio?.Codec?.toLowerCase() ?? "";
  const isDolby = DOLBY.includes(own) && listed(profile.AudioCodec).includes(own);
  const most = Math.min(
    Number(profile.MaxAudioChannels ?? 2),
    request.MaxAudioChannels ?? Number.POSITIVE_INFINITY,
    ...channelLimits(request.DeviceProfile, isDolby ? own : "aac"),
  );
  if (!(most >= SURROUND)) return undefined;
  return { channels: SURROUND, codecs: isDolby ? "aac,ac3" : "aac" };
}

/** How the client takes H.264 over HLS, in a transport stream if it says so. */
export function hlsProfile(profile: DeviceProfile | null | undefined) {
  const all = (profile?.TranscodingProfiles ?? []).filter(
    ({ Type, Protocol, VideoCodec }) =>
      Type === "Video" && Protocol?.toLowerCase() === "hls" && listed(VideoCodec).includes("h264"),
  );
  return all.find(({ Container }) => listed(Container).includes("ts")) ?? all[0];
}

const listed = (list: string | null | undefined): readonly string[] =>
  (list ?? "")
    .toLowerCase()
    .split(",")
    .map((name) => name.trim());

function channelLimits(
  profile: DeviceProfile | null | undefined,
  codec: string,
): readonly number[] {
  return (profile?.CodecProfiles ?? [])
    .filter(
      ({ Type, Codec, ApplyConditions }) =>
        Type === "VideoAudio" &&
        (ApplyConditions ?? []).length === 0 &&
        (!Codec || listed(Codec).includes(codec)),
    )
    .flatMap(({ Conditions }) => Conditions ?? [])
    .filter(
      ({ Condition, Property }) => Condition === "LessThanEqual" && Property === "AudioChannels",
    )
    .map(({ Value }) => Number(Value))
    .filter((most) => most > 0);
}
