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
});

it("decoding begins close by where an index leads to the key frame, but for pictures that are made of others", () => {
  const h264 = source("matroska,webm", 300);
  const film = { ...h264, video: { ...h264.video, codec: "hevc" } };
  const taken = (video: Partial<Source["video"]>): number =>
    decodeMarginSeconds({ ...film, video: { ...film.video, ...video } });
  expect(taken({})).toBe(0.5);
  expect(taken({ scan: { kind: "progressive" } })).toBe(0.5);
  expect(taken({ scan: { kind: "telecine", order: "tff" } })).toBe(2);
  expect(taken({ isInterlaced: true })).toBe(2);
  expect(taken({ hasLooseTimes: true })).toBe(2);
  // Its key frames may be whole only some pictures later.
  expect(taken({ codec: "h264" })).toBe(2);
});
