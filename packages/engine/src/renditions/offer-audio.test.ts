import type { AudioTrack, Source } from "@upreel/core";
import { expect, test } from "vitest";
import { offerAudio } from "./offer-audio.ts";

const AAC: AudioTrack = {
  index: 1,
  codec: "aac",
  profile: "LC",
  channels: 2,
  sampleRate: 48_000,
  language: "eng",
  title: undefined,
  isDefault: true,
  isCopyable: true,
};
const AC3: AudioTrack = { ...AAC, index: 2, codec: "ac3", channels: 6, language: "ger" };
const STEREO = { track: undefined, layout: "stereo" } as const;

const source = (audio: readonly AudioTrack[]) =>
  ({ audio, durationSeconds: 60 }) as unknown as Source;
const NONE = { kind: "none" } as const;
const COPY = { kind: "copy", index: 1, sampleRate: 48_000 } as const;
const STEREO_AC3 = {
  ...({ kind: "aac", index: 2, sampleRate: 48_000, channels: 2, bitrate: 192_000 } as const),
};

test("the muxed track has no rendition; the others have, named in their language", () => {
  expect(offerAudio(source([AAC, AC3]), COPY, STEREO)).toMatchObject([
    { name: "English", language: "en", rendition: undefined, isDefault: true, channels: 2 },
    { name: "German", language: "de", rendition: "2-stereo", isDefault: false, channels: 2 },
  ]);
});

test("the track that is asked for is the default one", () => {
  const offered = offerAudio(source([AAC, AC3]), COPY, { ...STEREO, track: 2 });
  expect(offered.map(({ isDefault }) => isDefault)).toEqual([false, true]);
});

test("a track that is none is refused, with those that are", () => {
  expect(() => offerAudio(source([AAC, AC3]), COPY, { ...STEREO, track: 0 })).toThrow(
    expect.objectContaining({
      code: "bad_request",
      expected: "the index of an audio stream in the file: 1, 2",
    }),
  );
});

test("where 5.1 is asked for, the muxed stereo is joined by its 5.1", () => {
  expect(offerAudio(source([AC3]), STEREO_AC3, STEREO)).toHaveLength(1);
  expect(
    offerAudio(source([AC3]), STEREO_AC3, { track: undefined, layout: "surround" }),
  ).toMatchObject([
    { name: "German", channels: 6, codec: "mp4a.40.2", rendition: "2-surround", isDefault: true },
    { name: "German (stereo)", channels: 2, rendition: undefined, isDefault: false },
  ]);
});

test("Dolby stays Dolby for who can play it", () => {
  const [first] = offerAudio(source([AC3]), STEREO_AC3, { track: undefined, layout: "dolby" });
  expect(first).toMatchObject({ channels: 6, codec: "ac-3", rendition: "2-dolby" });
});

test("a film without sound offers none", () => {
  expect(offerAudio(source([]), NONE, STEREO)).toEqual([]);
});

test("where nothing is muxed, each track is a rendition and the film's default is the default", () => {
  const offered = offerAudio(
    source([
      { ...AC3, isDefault: false },
      { ...AAC, index: 3 },
    ]),
    NONE,
    STEREO,
  );
  expect(offered).toMatchObject([
    { rendition: "2-stereo", isDefault: false },
    { rendition: "3-stereo", isDefault: true },
  ]);
});

test("a commentary is not the default, whatever its flags", () => {
  const comment = { ...AC3, isAside: true, isDefault: true };
  const offered = offerAudio(
    source([comment, { ...AAC, index: 3, isDefault: false }]),
    NONE,
    STEREO,
  );
  expect(offered.map(({ isDefault }) => isDefault)).toEqual([false, true]);
});
