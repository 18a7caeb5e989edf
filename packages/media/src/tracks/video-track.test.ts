import { expect, test } from "vitest";
import type { FfprobeStream } from "../ffmpeg/ffprobe-json.ts";
import { chooseVideoStream, describeVideo } from "./video-track.ts";

const FILM: FfprobeStream = {
  index: 0,
  codec_type: "video",
  codec_name: "h264",
  width: 640,
  height: 360,
  pix_fmt: "yuv420p",
  avg_frame_rate: "25/1",
};

test("a cover is no film, with or without its flag", () => {
  const flagged = { ...FILM, codec_name: "png", disposition: { attached_pic: 1 } };
  const bare = { ...FILM, codec_name: "mjpeg", avg_frame_rate: "0/0" };
  expect(chooseVideoStream([flagged, bare])).toBeUndefined();
  expect(chooseVideoStream([bare, { ...FILM, index: 2 }])?.index).toBe(2);
});

test("a track of one picture is the film only where no other one is, whatever its flags", () => {
  const one = { ...FILM, codec_name: "mjpeg", nb_frames: "1", disposition: { default: 1 } };
  const film = { ...FILM, index: 1 };
  expect(chooseVideoStream([one, film])?.index).toBe(1);
  expect(chooseVideoStream([one])?.index).toBe(0);
  const unnamed = { ...one, nb_frames: undefined };
  const counted = new Map([
    [0, 1],
    [1, 500],
  ]);
  expect(chooseVideoStream([unnamed, film], counted)?.index).toBe(1);
  expect(
    chooseVideoStream([film, { ...film, index: 2, disposition: { default: 1 } }], counted)?.index,
  ).toBe(1);
});

test("a cover of two packets is no film beside one, and stills of their own are", () => {
  const cover = { ...FILM, codec_name: "png", avg_frame_rate: "48/1" };
  const film = { ...FILM, index: 1 };
  const counts = (own: number) =>
    new Map([
      [0, own],
      [1, 201],
    ]);
  expect(chooseVideoStream([cover, film], counts(2))?.index).toBe(1);
  expect(chooseVideoStream([cover, film], counts(200))?.index).toBe(0);
  expect(chooseVideoStream([cover], counts(2))?.index).toBe(0);
});

test("Motion JPEG film is film", () => {
  expect(chooseVideoStream([{ ...FILM, codec_name: "mjpeg" }])?.index).toBe(0);
});

test("of two films the default one is taken, else the first", () => {
  const second = { ...FILM, index: 1, disposition: { default: 1 } };
  expect(chooseVideoStream([FILM, second])?.index).toBe(1);
  expect(chooseVideoStream([FILM, { ...FILM, index: 1 }])?.index).toBe(0);
});

test.each([
  [-90, 90],
  [90, 270],
  [180, 180],
  [-180, 180],
  [0, 0],
  [-89.9, 90],
])("a display matrix of %f degrees turns the picture by %i clockwise", (matrix, clockwise) => {
  const stream = { ...FILM, side_data_list: [{ rotation: matrix }] };
  expect(describeVideo(stream, false).rotation).toBe(clockwise);
});

test("bit depth is read from the pixel format where the file does not name it", () => {
  expect(describeVideo({ ...FILM, pix_fmt: "yuv420p10le" }, false).bitDepth).toBe(10);
  expect(describeVideo({ ...FILM, pix_fmt: "p010le" }, false).bitDepth).toBe(10);
  expect(describeVideo(FILM, false).bitDepth).toBe(8);
});
