import { expect, test } from "vitest";
import { masterPlaylist } from "./master-playlist.ts";

const VARIANT = {
  uri: "stream.m3u8?a=b",
  bandwidth: 1_234_567.2,
  averageBandwidth: 900_000,
  width: 1280,
  height: 720,
  frameRate: { num: 24_000, den: 1001 },
  codecs: ["avc1.42c01f", "mp4a.40.2"],
};
const TRACK = { language: "en", isDefault: false, channels: 2, uri: undefined };

test("a film of one sound is one variant without renditions", () => {
  const text = masterPlaylist({ variant: VARIANT, audio: [], subtitles: [] });
  expect(text.split("\n").slice(-3)).toEqual([
    '#EXT-X-STREAM-INF:BANDWIDTH=1234568,AVERAGE-BANDWIDTH=900000,RESOLUTION=1280x720,FRAME-RATE=23.976,CODECS="avc1.42c01f,mp4a.40.2"',
    "stream.m3u8?a=b",
    "",
  ]);
});

test("codecs that are not known are left out", () => {
  const variant = { ...VARIANT, codecs: undefined };
  expect(masterPlaylist({ variant, audio: [], subtitles: [] })).not.toContain("CODECS");
});

test("each track is a rendition, and the muxed one has no URI", () => {
  const text = masterPlaylist({
    variant: VARIANT,
    audio: [
      { ...TRACK, name: "English", isDefault: true },
      { ...TRACK, name: "Deutsch", language: "de", channels: 6, uri: "audio/2-surround/x.m3u8" },
    ],
    subtitles: [
      { name: "Forced", language: "en", isDefault: false, isForced: true, uri: "subtitles/3.m3u8" },
    ],
  });
  expect(text.split("\n").slice(3, 6)).toEqual([
    '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="English",LANGUAGE="en",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="2"',
    '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="Deutsch",LANGUAGE="de",DEFAULT=NO,AUTOSELECT=YES,CHANNELS="6",URI="audio/2-surround/x.m3u8"',
    '#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="subtitles",NAME="Forced",LANGUAGE="en",DEFAULT=NO,AUTOSELECT=YES,FORCED=YES,URI="subtitles/3.m3u8"',
  ]);
  expect(text).toContain(',AUDIO="audio",SUBTITLES="subtitles"\nstream.m3u8');
});

test("a title cannot end its attribute", () => {
  const audio = [{ ...TRACK, name: 'The "best"\n#EXT-X-ENDLIST' }];
  const text = masterPlaylist({ variant: VARIANT, audio, subtitles: [] });
  expect(text).toContain('NAME="The best #EXT-X-ENDLIST"');
  expect(text.split("\n")).toHaveLength(7);
});
