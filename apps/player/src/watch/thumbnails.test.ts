import { expect, it } from "vitest";
import { parseThumbnails } from "./thumbnails.ts";

it("reads the places of thumbnails in their sheets", () => {
  const text = `WEBVTT

00:00.000 --> 00:10.000
thumbs-0.jpg#xywh=0,0,160,90

1:00:10.500 --> 1:00:20.000
thumbs-1.jpg#xywh=160,90,160,90
`;
  const place = { width: 160, height: 90 };
  expect(parseThumbnails(text, "http://gateway/hls/x/thumbs.vtt")).toEqual([
    { from: 0, url: "http://gateway/hls/x/thumbs-0.jpg", x: 0, y: 0, ...place },
    { from: 3610.5, url: "http://gateway/hls/x/thumbs-1.jpg", x: 160, y: 90, ...place },
  ]);
  expect(parseThumbnails("not found", "http://gateway/")).toEqual([]);
});
