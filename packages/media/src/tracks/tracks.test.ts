import { expect, test } from "vitest";
import { ffprobeFileSchema } from "../ffmpeg/ffprobe-json.ts";
import { describeAudio, streamsOfProgramme } from "./tracks.ts";

const stream = (index: number) => ({ index, codec_type: index === 0 ? "video" : "audio" });
const fileOf = (programs: number[][]) =>
  ffprobeFileSchema.parse({
    streams: [0, 1, 2, 3].map(stream),
    programs: programs.map((indexes) => ({ streams: indexes.map((index) => ({ index })) })),
    format: { format_name: "mpegts" },
  });
const indexes = (programs: number[][]) =>
  streamsOfProgramme(fileOf(programs), stream(0)).map(({ index }) => index);

test("of several programmes the one with the picture gives the sound, with what is in none", () => {
  expect(indexes([[1], [0, 2]])).toEqual([0, 2, 3]);
  expect(indexes([[1], [2, 3]])).toEqual([0, 1, 2, 3]);
  expect(indexes([])).toEqual([0, 1, 2, 3]);
});

test("commentaries, descriptions and the like are marked as what they are", () => {
  expect(describeAudio(stream(1), 0).isAside).toBe(false);
  for (const mark of ["comment", "visual_impaired", "karaoke"])
    expect(describeAudio({ ...stream(1), disposition: { [mark]: 1 } }, 0).isAside).toBe(true);
});
