import { expect, test } from "vitest";
import { subtitleSegment } from "./subtitle-segment.ts";

const TIMELINE = {
  zeroMicros: 0,
  rate: { num: 24_000, den: 1001 },
  frameCount: 240,
  framesPerSegment: 48,
};
const TEXT = `WEBVTT

00:02.000 --> 00:04.000
First line
of two

00:11.500 --> 00:31.000
Long

01:00:40.000 --> 01:00:41.000
Late
`;

test("a segment holds the cues that are shown in it, and where its clock is", () => {
  expect(subtitleSegment(TEXT, TIMELINE, { fromSeconds: 30, toSeconds: 60 })).toBe(
    "WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:900900,LOCAL:00:00:00.000\n\n00:11.500 --> 00:31.000\nLong\n",
  );
});

test("the whole film holds them all", () => {
  const all = subtitleSegment(TEXT, TIMELINE, { fromSeconds: 0, toSeconds: 3700 });
  expect(all.match(/-->/g)).toHaveLength(3);
  expect(all).toContain("First line\nof two\n");
});

test("a stretch without a word is still WebVTT", () => {
  expect(subtitleSegment("WEBVTT\n\n", TIMELINE, { fromSeconds: 0, toSeconds: 30 })).toMatch(
    /^WEBVTT\nX-TIMESTAMP-MAP=.*\n$/,
  );
});
