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

const WHOLE = { text: TEXT, fromSeconds: 0, toSeconds: 100_000 };

test("a segment holds the cues that are shown in it, and where its clock is", () => {
  expect(subtitleSegment([WHOLE], TIMELINE, { fromSeconds: 30, toSeconds: 60 })).toBe(
    "WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:900900,LOCAL:00:00:00.000\n\n00:11.500 --> 00:31.000\nLong\n",
  );
});

test("the whole film holds them all", () => {
  const all = subtitleSegment([WHOLE], TIMELINE, { fromSeconds: 0, toSeconds: 3700 });
  expect(all.match(/-->/g)).toHaveLength(3);
  expect(all).toContain("First line\nof two\n");
});

test("a stretch without a word is still WebVTT", () => {
  const none = { ...WHOLE, text: "WEBVTT\n\n" };
  for (const texts of [[], [none]]) {
    expect(subtitleSegment(texts, TIMELINE, { fromSeconds: 0, toSeconds: 30 })).toMatch(
      /^WEBVTT\nX-TIMESTAMP-MAP=.*\n$/,
    );
  }
});

test("texts of several parts of a film follow each other, each cut to its part", () => {
  const text = (...cues: string[]) => `WEBVTT\n\n${cues.join("\n\n")}\n`;
  const early = text("00:02.000 --> 00:04.000\nA", "00:09.000 --> 00:15.500 line:0\nB $&");
  const late = text("00:07.000 --> 00:10.000\nbefore", "00:09.000 --> 00:12.000\nC");
  const parts = [
    { text: early, fromSeconds: 0, toSeconds: 10 },
    { text: late, fromSeconds: 10, toSeconds: 20 },
  ];
  const whole = subtitleSegment(parts, TIMELINE, { fromSeconds: 0, toSeconds: 20 });
  expect(whole.split("\n\n").slice(1)).toEqual([
    "00:02.000 --> 00:04.000\nA",
    "00:09.000 --> 00:00:10.000 line:0\nB $&",
    "00:00:10.000 --> 00:12.000\nC\n",
  ]);
});

test("a cue that goes on behind the film ends with it, and one that begins there is none", () => {
  const text = "WEBVTT\n\n59:59.000 --> 02:00:00.000\nlong\n\n01:00:05.000 --> 01:00:09.000\nbye\n";
  const film = { text, fromSeconds: 0, toSeconds: 3_600.5 };
  const whole = subtitleSegment([film], TIMELINE, film);
  expect(whole).toContain("59:59.000 --> 01:00:00.500\nlong");
  expect(whole).not.toContain("bye");
});
