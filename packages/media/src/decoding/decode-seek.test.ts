import type { Source } from "@upreel/core";
import { expect, it } from "vitest";
import { decodeMarginSeconds, needsWholeStart, nextMarginSeconds } from "./decode-seek.ts";

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
  expect(taken({ codec: "h264" })).toBe(0.5);
});

it("H.264 that is begun close by has to begin with a whole picture, and is begun further ahead else", () => {
  const film = source("matroska,webm");
  expect(needsWholeStart(film, 0.5)).toBe(true);
  expect(needsWholeStart({ ...film, video: { ...film.video, codec: "hevc" } }, 0.5)).toBe(false);
  expect(nextMarginSeconds(0.5)).toBe(2);
  expect(needsWholeStart(film, 2)).toBe(false);
  expect(nextMarginSeconds(4)).toBe(8);
});
