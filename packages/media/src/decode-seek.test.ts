import type { Source } from "@upreel/core";
import { expect, it } from "vitest";
import { decodeMarginSeconds } from "./decode-seek.ts";

const source = (format: string, longestGroupSeconds?: number): Source => ({
  ...{ path: "/film", sizeBytes: 1, modifiedMs: 1, format },
  video: {
    ...{ index: 0, codec: "h264", pixelFormat: "yuv420p", bitDepth: 8, width: 64, height: 36 },
    ...{ sampleAspect: { num: 1, den: 1 }, rotation: 0, isInterlaced: false, colour: {} },
    ...(longestGroupSeconds === undefined ? {} : { longestGroupSeconds }),
  },
  ...{ audio: [], subtitles: [], chapters: [] },
});

it("decoding begins where it must in a broadcast whose key frames lie far apart", () => {
  expect(decodeMarginSeconds(source("mpegts"))).toBe(4);
  expect(decodeMarginSeconds(source("mpegts", 2))).toBe(4);
  expect(decodeMarginSeconds(source("mpegts", 300))).toBe(304);
  // With an index a seek finds the key frame, however far it is.
  expect(decodeMarginSeconds(source("matroska,webm", 300))).toBe(2);
});
