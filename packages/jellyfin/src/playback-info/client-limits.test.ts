import { expect, it } from "vitest";
import { recordedPlayback } from "../testing/recorded.ts";
import { clientRefusal, clientScreen, type MadeStream } from "./client-limits.ts";
import type { PlaybackRequest } from "./schema.ts";

const HD: MadeStream = { width: 1280, height: 720, framesPerSecond: 25, bitsPerSecond: 4_000_000 };
const UHD: MadeStream = { ...HD, width: 3840, height: 2160 };
const { request } = recordedPlayback("05-playbackinfo-h264-mkv-3audio-2srt-transcode");

const limited = (Property: string, Value: string): PlaybackRequest => ({
  ...request,
  DeviceProfile: {
    CodecProfiles: [
      {
        Type: "Video",
        Codec: "h264",
        Conditions: [{ Condition: "LessThanEqual", Property, Value }],
      },
      {
        Type: "Video",
        Codec: "hevc",
        Conditions: [{ Condition: "LessThanEqual", Property, Value: "1" }],
      },
    ],
  },
});

it("has nothing against what jellyfin-web in Chromium plays", () => {
  expect(clientRefusal(request, HD)).toBeUndefined();
  expect(clientRefusal(request, UHD)).toBeUndefined();
});

it.each([
  [limited("Width", "1920"), UHD, "client_picture_limit"],
  [limited("Width", "1920"), HD, undefined],
  [limited("Height", "1080"), UHD, "client_picture_limit"],
  // 3840×2160 at 25 pictures a second is level 5.1, at 60 level 5.2
  [limited("VideoLevel", "51"), UHD, undefined],
  [limited("VideoLevel", "51"), { ...UHD, framesPerSecond: 60 }, "client_picture_limit"],
  [limited("VideoLevel", "31"), HD, undefined],
  [limited("VideoLevel", "30"), HD, "client_picture_limit"],
  [limited("VideoBitrate", "3000000"), HD, "client_picture_limit"],
  [limited("VideoFramerate", "25"), HD, undefined],
  [limited("VideoFramerate", "25"), { ...HD, framesPerSecond: 50 }, "client_picture_limit"],
  [{ ...request, MaxStreamingBitrate: 3_000_000 }, HD, "client_bitrate"],
  [
    {
      ...request,
      MaxStreamingBitrate: undefined,
      DeviceProfile: { MaxStreamingBitrate: 3_000_000 },
    },
    HD,
    "client_bitrate",
  ],
  [{ ...request, MaxStreamingBitrate: 3_000_000 }, { ...HD, bitsPerSecond: undefined }, undefined],
])("limits of the client: case %#", (asked, stream, code) => {
  expect(clientRefusal(asked, stream)?.code).toBe(code);
});

it.each([
  ["Width", "1920", 1080],
  ["Height", "1080", 1080],
  ["Width", "1919", 720],
  ["VideoLevel", "41", 1080],
  ["VideoLevel", "31", 720],
  ["Width", "3840", undefined],
  ["Height", "10", 360],
])("a client that takes %s up to %s has a screen of %s lines", (property, value, lines) => {
  expect(clientScreen(limited(property, value), 25)).toBe(lines);
});
