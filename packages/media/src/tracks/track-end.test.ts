import { expect, test } from "vitest";
import { endOfTrack } from "./track-end.ts";

const track = { index: 0, start_time: "1.500000" };

test("a duration counts from the track's start", () => {
  expect(endOfTrack({ ...track, duration: "10.0" }, 0)).toBe(11.5);
});

test("ffmpeg's Matroska tag is where the track ends, mkvmerge's is how long it is", () => {
  const DURATION = "00:01:00.250000000";
  expect(endOfTrack({ ...track, tags: { DURATION } }, 0)).toBe(60.25);
  const tags = { "DURATION-eng": DURATION, "_STATISTICS_TAGS-eng": "BPS DURATION" };
  expect(endOfTrack({ ...track, tags }, 0)).toBe(61.75);
});

test("a file that does not say has no end", () => {
  expect(endOfTrack(track, 0)).toBeUndefined();
  expect(endOfTrack({ ...track, duration: "N/A" }, 0)).toBeUndefined();
});
