import { expect, test } from "vitest";
import { readFilmName } from "./read-film-name.ts";

test.each([
  ["Metropolis (1927).mkv", "Metropolis", 1927],
  ["big.buck.bunny.2008.1080p.BluRay.x264.mp4", "big buck bunny", 2008],
  ["2001 A Space Odyssey (1968).mkv", "2001 A Space Odyssey", 1968],
  ["1917.mkv", "1917", undefined],
  ["Show - S01E02 - Pilot (2010).mkv", "Show - S01E02 - Pilot (2010)", 2010],
  ["Show.S01E02.720p.HDTV.mkv", "Show S01E02", undefined],
  ["holiday_video.mov", "holiday video", undefined],
  ["1080p.mkv", "1080p", undefined],
])("%s is %s of %s", (name, title, year) => {
  expect(readFilmName(name)).toEqual({ title, year });
});
