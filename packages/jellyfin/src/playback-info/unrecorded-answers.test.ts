import { expect, it } from "vitest";
import { recordedPlayback } from "../testing/recorded.ts";
import { decidePlayback, type PlaybackCandidate } from "./decide.ts";
import { rewriteAnswer } from "./rewrite.ts";
import { playbackAnswerSchema, playbackRequestSchema } from "./schema.ts";

// Answers that were not recorded, made by what Jellyfin's source does; of version 10.10 to 12.0.
const film = recordedPlayback("05-playbackinfo-h264-mkv-3audio-2srt-transcode");
const [source] = film.answer.MediaSources;
if (source === undefined) throw new Error("the recording has a source");
const OTHER_ID = "11111111111111111111111111111111";

type Fields = Readonly<Record<string, unknown>>;
type Expected = string | Partial<PlaybackCandidate>;
type Row = readonly [what: string, answer: Fields, expected: Expected, request?: Fields];

const sourced = (...changes: readonly Fields[]) => ({
  MediaSources: changes.map((change) => ({ ...source, ...change })),
});
/** Streams of one type with changes. */
const streams = (type: string, change: Fields) =>
  sourced({
    MediaStreams: source.MediaStreams.map((each) =>
      each.Type === type ? { ...each, ...change } : each,
    ),
  });
const plus = (added: Fields, more: Fields = {}) =>
  sourced({ MediaStreams: [...source.MediaStreams, added], ...more });
const picture = (change: Fields) => streams("Video", change);

const PGS = { Type: "Subtitle", Index: 9, Codec: "pgssub", IsTextSubtitleStream: false };
const ASS = { Type: "Subtitle", Index: 9, Codec: "ass", IsTextSubtitleStream: true };
const VIDEO_ONLY = source.MediaStreams.filter(({ Type }) => Type === "Video");
const HLS = { Type: "Video", Container: "ts", VideoCodec: "h264", AudioCodec: "aac" };
const UPSCALED: Expected = { sourceId: source.Id };

const ROWS: readonly Row[] = [
  [
    "the first of several versions",
    sourced({}, { Id: OTHER_ID }),
    UPSCALED,
    { MediaSourceId: null },
  ],
  ["the version that is asked for", sourced({ Id: OTHER_ID, Path: "/b.mkv" }, {}), UPSCALED],
  [
    "a version whose id is written with dashes",
    sourced({ Id: "11111111-1111-1111-1111-111111111111" }),
    { sourceId: "11111111-1111-1111-1111-111111111111" },
    { MediaSourceId: OTHER_ID },
  ],
  ["another version than is there", sourced({ Id: OTHER_ID }), "unknown_answer"],
  [
    "no version at all, and why",
    { MediaSources: [], ErrorCode: "NoCompatibleStream" },
    "unknown_answer",
  ],
  [
    "refused by the user's policy",
    { MediaSources: [], ErrorCode: "NotAllowed", PlaySessionId: null },
    "shape",
  ],
  ["no play session", { PlaySessionId: "" }, "shape"],
  ["sources that are null", { MediaSources: null }, "shape"],
  ["streams that are null", sourced({ MediaStreams: null }), "shape"],
  [
    "a .strm",
    sourced({ Protocol: "Http", IsRemote: true, Path: "http://x/y.m3u8", Container: "strm" }),
    "not_a_file",
  ],
  ["a remote file", sourced({ IsRemote: true }), "not_a_file"],
  ["no path", sourced({ Path: null }), "not_a_file"],
  ["a disc image", sourced({ VideoType: "Iso", IsoType: "Dvd", Path: "/a.iso" }), "not_a_file"],
  ["a Blu-ray folder", sourced({ VideoType: "BluRay", Path: "/a/BDMV" }), "not_a_file"],
  ["a disc that is a placeholder", sourced({ Type: "Placeholder", Path: "/a.disc" }), "not_a_file"],
  ["an alternate version", sourced({ Type: "Grouping" }), UPSCALED],
  ["no type of the video", sourced({ VideoType: null }), UPSCALED],
  ["a container nobody knows", sourced({ Container: "mov,mp4,m4a,3gp" }), UPSCALED],
  [
    "television with a token to open it",
    sourced({ RequiresOpening: true, OpenToken: "t" }),
    "live_tv",
  ],
  ["television that is open", sourced({ LiveStreamId: "l", IsInfiniteStream: true }), "live_tv"],
  [
    "a recording that still grows",
    sourced({ IsInfiniteStream: true, Protocol: "File" }),
    "live_tv",
  ],
  ["no length", sourced({ RunTimeTicks: null }), "no_length"],
  ["sound with a cover", streams("Video", { Type: "EmbeddedImage" }), "not_a_video"],
  ["HDR10", picture({ VideoRange: "HDR", VideoRangeType: "HDR10" }), "hdr"],
  ["Dolby Vision", picture({ VideoRange: "HDR", VideoRangeType: "DOVI" }), "hdr"],
  [
    "Dolby Vision over SDR",
    picture({ VideoRange: "SDR", VideoRangeType: "DOVIWithSDR" }),
    UPSCALED,
  ],
  ["pictures of unknown range", picture({ VideoRange: "Unknown" }), UPSCALED],
  ["pictures of unknown size", picture({ Width: null, Height: null }), UPSCALED],
  [
    "interlaced pictures",
    picture({ IsInterlaced: true, Height: 576, Width: 720, IsAnamorphic: true }),
    UPSCALED,
  ],
  ["4K pictures", picture({ Width: 3840, Height: 2160 }), "already_large"],
  ["4K in widescreen", picture({ Width: 3840, Height: 1606 }), UPSCALED],
  ["half of two pictures side by side", sourced({ Video3DFormat: "HalfSideBySide" }), UPSCALED],
  ["streams without a language", streams("Audio", { Language: null, Title: null }), UPSCALED],
  [
    "fonts and chapters",
    sourced({ MediaAttachments: [{ Index: 8 }], Chapters: [{}], HasSegments: true }),
    UPSCALED,
  ],
  [
    "a transcode of Jellyfin's own",
    sourced({ SupportsDirectPlay: false, TranscodingUrl: "/videos/x" }),
    UPSCALED,
  ],
  ["a user who may not transcode", sourced({ SupportsTranscoding: false }), UPSCALED],
  [
    "no sound",
    sourced({ MediaStreams: VIDEO_ONLY, DefaultAudioStreamIndex: null }),
    { audioIndex: undefined },
  ],
  [
    "no wish for sound",
    sourced({ DefaultAudioStreamIndex: 3 }),
    { audioIndex: 3 },
    { AudioStreamIndex: -1 },
  ],
  [
    "a wish for sound that is not there",
    sourced({ DefaultAudioStreamIndex: 3 }),
    { audioIndex: 3 },
    { AudioStreamIndex: 42 },
  ],
  [
    "neither wish nor default",
    sourced({ DefaultAudioStreamIndex: -1 }),
    // The film's own, which the stream has without being asked: not always its first.
    { audioIndex: undefined, fileAudioIndex: undefined },
    { AudioStreamIndex: null },
  ],
  [
    "no wish for subtitles",
    sourced({ DefaultSubtitleStreamIndex: 4 }),
    { subtitleIndex: -1 },
    { SubtitleStreamIndex: -1 },
  ],
  [
    "forced pictures by default",
    plus(PGS, { DefaultSubtitleStreamIndex: 9 }),
    "subtitles_are_images",
    { SubtitleStreamIndex: null },
  ],
  [
    "subtitles that are text in the file",
    plus({ ...ASS, DeliveryMethod: "Embed" }),
    { subtitleIndex: 9 },
    { SubtitleStreamIndex: 9 },
  ],
  [
    "subtitles that are pictures",
    plus({ ...PGS, DeliveryMethod: "Embed" }),
    "subtitles_are_images",
    { SubtitleStreamIndex: 9 },
  ],
  ["drawn text that nobody chose", plus({ ...ASS, DeliveryMethod: "Encode" }), UPSCALED],
  ["a Windows path", sourced({ Path: "D:\\Films\\a.mkv" }), { path: "D:\\Films\\a.mkv" }],
  [
    "a path of bytes that are no UTF-8",
    sourced({ Path: "/films/\uFFFD.mkv" }),
    { path: "/films/\uFFFD.mkv" },
  ],
  ["a start before the film", {}, { startSeconds: 0 }, { StartTimeTicks: -1 }],
  [
    "more bits than the client wants",
    sourced({ Bitrate: 9_000_000 }),
    "client_bitrate",
    { MaxStreamingBitrate: 8_000_000 },
  ],
  ["no number of bits", sourced({ Bitrate: null }), UPSCALED, { MaxStreamingBitrate: 8_000_000 }],
  [
    "a client that writes HLS large",
    {},
    UPSCALED,
    { DeviceProfile: { TranscodingProfiles: [{ ...HLS, Protocol: "Hls" }] } },
  ],
  [
    "a client without HLS",
    {},
    "client_without_hls",
    { DeviceProfile: { TranscodingProfiles: [{ ...HLS, Protocol: "http" }] } },
  ],
];

for (const [what, changes, expected, asked = {}] of ROWS)
  it(`an answer with ${what}`, () => {
    const parsed = playbackAnswerSchema.safeParse({ ...film.answer, ...changes });
    if (!parsed.success) return expect("shape").toBe(expected);
    const request = playbackRequestSchema.parse({ ...film.request, ...asked });
    const decision = decidePlayback(request, parsed.data, { maxOutputHeight: 2160 });
    if (decision.kind === "pass") return expect(decision.reason.code).toBe(expected);
    expect(decision.candidate).toMatchObject(Object(expected));

    const { candidate } = decision;
    const rewritten = rewriteAnswer(parsed.data, candidate, "/u", request.DeviceProfile);
    const [played, ...others] = rewritten.MediaSources;
    expect(others).toEqual([]);
    expect(played).toMatchObject({ SupportsDirectPlay: false, TranscodingSubProtocol: "hls" });
    for (const { Type, DeliveryMethod } of played?.MediaStreams ?? [])
      if (Type === "Subtitle") expect(["Embed", "Hls"]).not.toContain(DeliveryMethod);
  });
