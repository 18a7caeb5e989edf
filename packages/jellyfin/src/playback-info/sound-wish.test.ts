import { describe, expect, it } from "vitest";
import { recordedPlayback } from "../testing/recorded.ts";
import type { DeviceProfile, MediaStream, PlaybackRequest } from "./schema.ts";
import { soundWish } from "./sound-wish.ts";

const track = (Codec: string, Channels: number): MediaStream => ({
  Type: "Audio",
  Index: 1,
  Codec,
  Channels,
});
const profile = (given: object, CodecProfiles: DeviceProfile["CodecProfiles"] = []) => ({
  DeviceProfile: {
    CodecProfiles,
    TranscodingProfiles: [
      { Type: "Video", Protocol: "hls", VideoCodec: "hevc,h264", Container: "ts", ...given },
    ],
  },
});
/** As jellyfin-mpv-shim 3.3 sends it. */
const SHIM = profile({ AudioCodec: "aac,mp3,ac3,opus,flac,vorbis", MaxAudioChannels: "8" });
const SIX = { channels: 6, codecs: "aac" };
const limit = (Codec: string, Value: string) => ({
  Type: "VideoAudio",
  Codec,
  Conditions: [{ Condition: "LessThanEqual", Property: "AudioChannels", Value }],
});

describe("the sound that a client gets", () => {
  it.each<[string, PlaybackRequest, MediaStream | undefined, unknown]>([
    ["Dolby as it is", SHIM, track("ac3", 6), { channels: 6, codecs: "aac,ac3" }],
    ["a Dolby that it does not name, as AAC", SHIM, track("eac3", 6), SIX],
    ["7.1 as 5.1", SHIM, track("dts", 8), SIX],
    ["stereo of a stereo track", SHIM, track("ac3", 2), undefined],
    ["nothing of a film without sound", SHIM, undefined, undefined],
    [
      "stereo where it takes no more",
      profile({ MaxAudioChannels: "2" }),
      track("dts", 6),
      undefined,
    ],
    ["stereo where it names no number", profile({}), track("dts", 6), undefined],
    [
      "stereo where it names nonsense",
      profile({ MaxAudioChannels: "x" }),
      track("dts", 6),
      undefined,
    ],
    ["stereo for one request", { ...SHIM, MaxAudioChannels: 2 }, track("dts", 6), undefined],
    [
      "stereo where its AAC decoder has two channels",
      profile({ MaxAudioChannels: "8" }, [limit("aac", "2")]),
      track("dts", 6),
      undefined,
    ],
    [
      "5.1 where another decoder has two",
      profile({ MaxAudioChannels: "8" }, [limit("opus,flac", "2")]),
      track("dts", 6),
      SIX,
    ],
    ["stereo without a profile", {}, track("dts", 6), undefined],
  ])("is %s", (_, request, audio, wish) => {
    expect(soundWish(request, audio)).toEqual(wish);
  });

  it("is stereo for jellyfin-web in Chromium, which says so", () => {
    const { request } = recordedPlayback("05-playbackinfo-h264-mkv-3audio-2srt-transcode");
    expect(soundWish(request, track("dts", 6))).toBeUndefined();
  });
});
