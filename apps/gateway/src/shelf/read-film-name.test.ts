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
  ["phone_720p_rotated.mp4", "phone 720p rotated", undefined],
  ["phone_720p.mp4", "phone 720p", undefined],
  ["IMG_1080p_test 2.mp4", "IMG_1080p_test 2", undefined],
  ["Movie.Name.720p.WEB-DL.x264-GRP.mkv", "Movie Name", undefined],
  ["Movie.Name.2012.720p.mkv", "Movie Name", 2012],
  ["Movie Name [1080p].mkv", "Movie Name", undefined],
  ["Movie.Name.DTS.mkv", "Movie Name", undefined],
  ["bbb_360p_30s.mp4", "bbb 360p 30s", undefined],
])("%s is %s of %s", (name, title, year) => {
  expect(readFilmName(name)).toEqual({ title, year });
});
