import { expect, it } from "vitest";
import { recordedPlayback, withSource } from "../testing/recorded.ts";
import { decidePlayback, type PlaybackCandidate } from "./decide.ts";
import { rewriteAnswer } from "./rewrite.ts";
import type { PlaybackAnswer } from "./schema.ts";

const film = recordedPlayback("05-playbackinfo-h264-mkv-3audio-2srt-transcode");
const images = recordedPlayback("13-playbackinfo-hevc-vobsub-no-audio");

function candidateOf({ request, answer }: typeof film): PlaybackCandidate {
  const decision = decidePlayback(request, answer, { maxOutputHeight: 2160 });
  if (decision.kind === "pass") throw new Error(decision.reason.message);
  return decision.candidate;
}
const rewrite = (recording: typeof film, answer: PlaybackAnswer = recording.answer) =>
  rewriteAnswer(
    answer,
    candidateOf(recording),
    "/upscale/hls/abc/master.m3u8?audio=2",
    recording.request.DeviceProfile,
  );

it("changes how the source is played, and nothing else that the server said", () => {
  const { answerBody } = film;
  const [source] = film.answer.MediaSources;
  // What the schema read is what the server wrote, null and unknown fields included.
  expect(JSON.parse(JSON.stringify(film.answer))).toEqual(answerBody);
  expect(rewrite(film)).toEqual({
    ...answerBody,
    MediaSources: [
      {
        ...source,
        SupportsDirectPlay: false,
        SupportsDirectStream: false,
        SupportsTranscoding: true,
        TranscodingUrl:
          "/upscale/hls/abc/master.m3u8?audio=2&PlaySessionId=0b540a678d574f218ee1fe5a4e7780f7",
        TranscodingSubProtocol: "hls",
        TranscodingContainer: "ts",
      },
    ],
  });
});

it("delivers text subtitles that the client would read from the file beside the stream", () => {
  const embedded = withSource(film.answer, {
    MediaStreams: (film.answer.MediaSources[0]?.MediaStreams ?? []).map((stream) =>
      stream.Type === "Subtitle"
        ? {
            ...stream,
            DeliveryMethod: stream.Index === 4 ? "Embed" : "Hls",
            DeliveryUrl: undefined,
          }
        : stream,
    ),
  });
  const delivered = (profiles: { Format: string; Method: string }[]) =>
    rewriteAnswer(embedded, candidateOf(film), "/u", { SubtitleProfiles: profiles })
      .MediaSources[0]?.MediaStreams.filter(({ Type }) => Type === "Subtitle")
      .map((stream) => [stream.DeliveryMethod, stream["IsExternalUrl"], stream["DeliveryUrl"]]);
  const folder =
    "/Videos/508bfcc3-90dc-4acb-d182-6571a92d9968/508bfcc390dc4acbd1826571a92d9968/Subtitles";
  expect(delivered([{ Format: "srt", Method: "External" }])).toEqual([
    ["External", false, `${folder}/4/0/Stream.srt`],
    ["External", false, `${folder}/5/0/Stream.srt`],
  ]);
  expect(delivered([{ Format: "vtt", Method: "External" }])?.[0]?.[2]).toBe(
    `${folder}/4/0/Stream.vtt`,
  );
});

it("marks picture subtitles in the file as to be drawn in, so that choosing them asks anew", () => {
  const embedded = withSource(images.answer, {
    MediaStreams: (images.answer.MediaSources[0]?.MediaStreams ?? []).map((stream) =>
      stream.Type === "Subtitle" ? { ...stream, DeliveryMethod: "Embed" } : stream,
    ),
  });
  const [source] = rewrite(images, embedded).MediaSources;
  expect(source?.MediaStreams.map(({ DeliveryMethod }) => DeliveryMethod)).toEqual([
    undefined,
    "Encode",
  ]);
});

it("leaves the chosen version alone in the answer: clients prefer another that plays directly", () => {
  const two = {
    ...film.answer,
    MediaSources: [...film.answer.MediaSources, { ...images.answer.MediaSources[0]! }],
  };
  expect(rewrite(film, two).MediaSources.map(({ Id }) => Id)).toEqual([
    "508bfcc390dc4acbd1826571a92d9968",
  ]);
});
