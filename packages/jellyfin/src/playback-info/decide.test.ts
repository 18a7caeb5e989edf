import { describe, expect, it } from "vitest";
import { recordedPlayback, withSource } from "../testing/recorded.ts";
import { decidePlayback } from "./decide.ts";
import {
  playbackAnswerSchema,
  type MediaStream,
  type PlaybackAnswer,
  type PlaybackRequest,
} from "./schema.ts";

const OPTIONS = { maxOutputHeight: 2160 };
const film = recordedPlayback("05-playbackinfo-h264-mkv-3audio-2srt-transcode");
const images = recordedPlayback("13-playbackinfo-hevc-vobsub-no-audio");

const codeOf = (
  request: Partial<PlaybackRequest>,
  answer: PlaybackAnswer = film.answer,
  options = OPTIONS,
): string => {
  const decision = decidePlayback({ ...film.request, ...request }, answer, options);
  return decision.kind === "pass" ? decision.reason.code : "upscale";
};
const withStreams = (change: (stream: MediaStream) => MediaStream): PlaybackAnswer =>
  withSource(film.answer, {
    MediaStreams: (film.answer.MediaSources[0]?.MediaStreams ?? []).map(change),
  });

describe("what jellyfin-web asked for in the recordings", () => {
  it("takes position, sound and subtitles from the request, though it sends indexes as text", () => {
    expect(decidePlayback(film.request, film.answer, OPTIONS)).toEqual({
      kind: "upscale",
      candidate: {
        playSessionId: "0b540a678d574f218ee1fe5a4e7780f7",
        sourceId: "508bfcc390dc4acbd1826571a92d9968",
        path: "/media/movies/Clip Eight (2008)/Clip Eight (2008).mkv",
        picture: { width: 640, height: 360, framesPerSecond: 25 },
        title: "Clip Eight (2008)",
        startSeconds: 218.189698,
        audioIndex: 2,
        fileAudioIndex: 2,
        sound: undefined,
        subtitleIndex: 4,
      },
    });
  });

  it("plays a film without sound, its picture subtitles not shown", () => {
    expect(decidePlayback(images.request, images.answer, OPTIONS)).toMatchObject({
      kind: "upscale",
      candidate: { audioIndex: undefined, subtitleIndex: -1, startSeconds: 0 },
    });
  });

  it("takes the answer's default sound where the request names none, as mpv-shim does", () => {
    const request = { ...film.request, AudioStreamIndex: undefined, StartTimeTicks: undefined };
    const answer = withSource(film.answer, { DefaultAudioStreamIndex: 3 });
    expect(decidePlayback(request, answer, OPTIONS)).toMatchObject({
      candidate: { audioIndex: 3, startSeconds: 0 },
    });
  });

  it.each<[string, number | undefined, number, number]>([
    ["English", 2, 2, 1],
    ["German", 3, 3, 2],
    ["the default", undefined, 2, 1],
  ])(
    "finds %s in the file though a subtitle beside it is counted first",
    (_, asked, theirs, own) => {
      const { answer } = recordedPlayback("50-");
      const request = { ...film.request, MediaSourceId: undefined, AudioStreamIndex: asked };
      expect(decidePlayback(request, answer, OPTIONS)).toMatchObject({
        candidate: { audioIndex: theirs, fileAudioIndex: own },
      });
    },
  );

  it("finds the sound in the file of the version that is played", () => {
    const { answer } = recordedPlayback("50-");
    const [source] = answer.MediaSources;
    const other = { ...source, Id: "f".repeat(32), MediaStreams: source?.MediaStreams.slice(1) };
    const request = { ...film.request, AudioStreamIndex: 3, MediaSourceId: other.Id };
    const versions = playbackAnswerSchema.parse({ ...answer, MediaSources: [source, other] });
    expect(decidePlayback(request, versions, OPTIONS)).toMatchObject({
      candidate: { sourceId: other.Id, fileAudioIndex: 2 },
    });
  });
});

describe("what is passed as Jellyfin gave it", () => {
  it.each<[string, Partial<PlaybackRequest>]>([
    ["client_bitrate", { MaxStreamingBitrate: 1_000_000 }],
    ["subtitles_burned_in", { AlwaysBurnInSubtitleWhenTranscoding: true }],
    ["unknown_request", { DeviceProfile: undefined }],
    ["unknown_request", { EnableTranscoding: false }],
    ["unknown_request", { IsPlayback: false }],
    ["unknown_answer", { MediaSourceId: "0b540a678d574f218ee1fe5a4e7780f7" }],
    ["client_without_hls", { DeviceProfile: { TranscodingProfiles: [] } }],
  ])("%s by the request %j", (code, request) => {
    expect(codeOf(request)).toBe(code);
  });

  it.each([
    ["live_tv", { IsInfiniteStream: true }],
    ["live_tv", { RequiresOpening: true }],
    ["not_a_file", { Protocol: "Http", IsRemote: true }],
    ["not_a_file", { Path: null }],
    ["not_a_file", { VideoType: "Dvd" }],
    ["no_length", { RunTimeTicks: null }],
    ["not_a_video", { MediaStreams: [] }],
    ["unknown_answer", undefined],
  ])("%s by the source %j", (code, changes) => {
    const answer =
      changes === undefined
        ? { ...film.answer, MediaSources: [] }
        : withSource(film.answer, changes);
    expect(codeOf({ MediaSourceId: undefined }, answer)).toBe(code);
  });

  it("a picture that is large already, also on its side", () => {
    expect(codeOf({}, film.answer, { maxOutputHeight: 360 })).toBe("already_large");
    expect(codeOf({}, film.answer, { maxOutputHeight: 361 })).toBe("upscale");
    const upright = withStreams((s) =>
      s.Type === "Video" ? { ...s, Width: 360, Height: 640 } : s,
    );
    expect(codeOf({}, upright, { maxOutputHeight: 361 })).toBe("upscale");
  });

  it("HDR pictures, where the player shows them as they are", () => {
    const hdr = withStreams((s) => ({ ...s, VideoRange: "HDR" }));
    expect(codeOf({}, hdr)).toBe("hdr");
    // To this client Jellyfin itself would send SDR.
    const TranscodingUrl = "/videos/x/master.m3u8?TranscodeReasons=VideoRangeTypeNotSupported";
    expect(codeOf({}, withSource(hdr, { TranscodingUrl }))).toBe("upscale");
  });

  it("sound that lies in a file of its own", () => {
    expect(
      codeOf(
        {},
        withStreams((s) => ({ ...s, IsExternal: s.Index === 2 })),
      ),
    ).toBe("audio_in_other_file");
  });

  it("chosen subtitles that are pictures, or that Jellyfin would draw in", () => {
    const asked = { ...images.request, SubtitleStreamIndex: 1 };
    expect(decidePlayback(asked, images.answer, OPTIONS)).toMatchObject({
      reason: { code: "subtitles_are_images" },
    });
    const drawn = withStreams((s) => (s.Index === 4 ? { ...s, DeliveryMethod: "Encode" } : s));
    expect(codeOf({}, drawn)).toBe("subtitles_burned_in");
    expect(codeOf({ SubtitleStreamIndex: -1 }, drawn)).toBe("upscale");
  });
});
