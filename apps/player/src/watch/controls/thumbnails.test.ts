import { afterEach, expect, it, vi } from "vitest";
import { parseThumbnails, whenLoaded } from "./thumbnails.ts";

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

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

it("a sheet that is not made yet is asked for again until it has come, or nobody wants it", () => {
  vi.useFakeTimers();
  const asked: string[] = [];
  const images: EventTarget[] = [];
  class FakeImage extends EventTarget {
    constructor() {
      super();
      images.push(this);
    }
    set src(url: string) {
      asked.push(url);
    }
  }
  vi.stubGlobal("Image", FakeImage);
  const onLoaded = vi.fn();
  const closing = new AbortController();
  whenLoaded("0000.jpg", onLoaded, closing.signal);
  images[0]?.dispatchEvent(new Event("error"));
  expect(asked).toEqual(["0000.jpg"]);
  vi.runAllTimers();
  expect(asked).toEqual(["0000.jpg", "0000.jpg"]);
  images[0]?.dispatchEvent(new Event("load"));
  expect(onLoaded).toHaveBeenCalledOnce();
  images[0]?.dispatchEvent(new Event("error"));
  closing.abort();
  vi.runAllTimers();
  expect(asked).toEqual(["0000.jpg", "0000.jpg", ""]);
});
