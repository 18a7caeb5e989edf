import { Parser } from "m3u8-parser";
import { expect, test } from "vitest";
import { keyFramePlaylist } from "./key-frame-playlist.ts";

test("segments are listed as long as they are, and none rounds above the target", () => {
  const durations = [4_170_833, 10_499_000, 83_000];
  const parser = new Parser();
  const listed = durations.map((durationMicros, k) => ({ durationMicros, uri: `${k}.m4s` }));
  parser.push([...keyFramePlaylist(listed, "header.mp4")].join(""));
  parser.end();
  const { segments, targetDuration, endList } = parser.manifest;
  expect({ targetDuration, endList }).toEqual({ targetDuration: 10, endList: true });
  expect(segments.map(({ duration, uri, map }) => [duration, uri, map?.uri])).toEqual([
    [4.170833, "0.m4s", "header.mp4"],
    [10.499, "1.m4s", "header.mp4"],
    [0.083, "2.m4s", "header.mp4"],
  ]);
});
