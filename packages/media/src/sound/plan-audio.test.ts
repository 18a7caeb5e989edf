import type { AudioTrack } from "@upreel/core";
import { expect, it } from "vitest";
import { planAudio } from "./plan-audio.ts";

const track = (index: number, language: string, more: Partial<AudioTrack> = {}): AudioTrack => ({
  ...{ index, language, codec: "ac3", channels: 2, sampleRate: 48_000, isDefault: false },
  ...more,
});
const TRACKS = [
  track(1, "eng", { isDefault: true }),
  track(2, "fre", { isAside: true }),
  track(3, "fre"),
  track(4, "ger", { channels: 0 }),
];

it.each([
  [undefined, 1],
  [2, 2],
  ["fr", 3],
  ["fra", 3],
  // Nobody who prefers German goes without sound.
  ["de", 1],
  ["xx", 1],
])("sound that is wanted as %j is track %i", (wanted, index) => {
  expect(planAudio(TRACKS, wanted)).toMatchObject({ index });
});

it.each([0, 4, 9])("a track %i that is not there, or silent, is refused by name", (wanted) => {
  expect(() => planAudio(TRACKS, wanted)).toThrow(
    expect.objectContaining({ code: "audio_unknown", expected: "1, 2, 3" }) as Error,
  );
});
