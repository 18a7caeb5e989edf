import type { Source, Timeline } from "@upreel/core";
import { expect, test } from "vitest";
import { createTrackLog } from "../packet-index/track-log.ts";
import { accountPictures } from "./account-pictures.ts";

const FILM: Timeline = {
  ...{ zeroMicros: 0, rate: { num: 25, den: 1 }, frameCount: 500, framesPerSegment: 50 },
};

function sourceOf(video: Partial<Source["video"]> = {}, format = "mov,mp4"): Source {
  return {
    ...{ path: "/films/a", sizeBytes: 1, modifiedMs: 1, format, durationSeconds: 20 },
    video: {
      ...{ index: 0, codec: "h264", width: 64, height: 48, pixelFormat: "yuv420p", bitDepth: 8 },
      ...{ sampleAspect: { num: 1, den: 1 }, rotation: 0, isInterlaced: false, colour: {} },
      ...video,
    } as Source["video"],
    ...{ audio: [], subtitles: [], chapters: [] },
  };
}

/** `firstKey`: the first packet that can be decoded by itself. */
function indexOf(count: number, perSecond: number, firstKey = 0) {
  const log = createTrackLog(0, "video");
  for (let n = 0; n < count; n += 1) {
    const ptsMicros = Math.round((n * 1e6) / perSecond);
    log.add({
      ...{ track: 0, kind: "video", ptsMicros, dtsMicros: ptsMicros, bytes: 100, position: n },
      ...{ durationMicros: 1e6 / perSecond, isKey: n >= firstKey, isDiscarded: false },
    });
  }
  return { end: { why: "end" }, tracks: [log.log()] } as const;
}

const each = (count: number, changes: Readonly<Record<number, number>> = {}): number[] =>
  Array.from({ length: 10 }, (_, k) => changes[k] ?? count);
const account = (
  decoded: readonly number[],
  index: ReturnType<typeof indexOf>,
  source = sourceOf(),
) => accountPictures({ source, timeline: FILM, decoded }, index);

test("a film with a frame for each picture leaves none out", () => {
  const nothing = { leftOut: 0, undecoded: 0, firstUndecoded: undefined };
  expect(account(each(50), indexOf(500, 25))).toEqual({ ...nothing, pictures: 500 });
  expect(account(each(25), indexOf(250, 12.5))).toEqual({ ...nothing, pictures: 250 });
});

test("pictures that share a frame, or lie behind the film's end, are counted to the last one", () => {
  expect(account(each(100), indexOf(1000, 50))).toMatchObject({ leftOut: 500, undecoded: 0 });
  expect(account(each(50), indexOf(501, 25))).toMatchObject({ leftOut: 1, undecoded: 0 });
});

test("one that was not decoded is found where it is missing", () => {
  expect(account(each(50, { 7: 49 }), indexOf(500, 25))).toMatchObject({
    ...{ undecoded: 1, firstUndecoded: 7 },
  });
});

test("one that was counted on the other side of a border of segments is there", () => {
  const moved = each(50, { 3: 49, 4: 51, 8: 51, 9: 49 });
  expect(account(moved, indexOf(500, 25))).toMatchObject({ undecoded: 0 });
});

test("what a recording has before its first key frame is no part of the film", () => {
  const late = account(each(50, { 0: 38 }), indexOf(500, 25, 12));
  expect(late).toMatchObject({ undecoded: 0, leftOut: 0 });
});

test("two fields that follow each other are one picture", () => {
  const fields = indexOf(1000, 50);
  const interlaced = sourceOf({ isInterlaced: true });
  expect(account(each(50), fields, interlaced)).toMatchObject({
    ...{ pictures: 500, leftOut: 0, undecoded: 0 },
  });
  expect(account(each(50, { 2: 48 }), fields, interlaced)).toMatchObject({
    ...{ undecoded: 2, firstUndecoded: 2 },
  });
  // Whole pictures after all: half of them were left out.
  expect(account(each(100), fields, interlaced)).toMatchObject({ leftOut: 500 });
});

test("of film in video one picture in five shows nothing new", () => {
  const telecine = sourceOf({ scan: { kind: "telecine" } });
  const decoded = Array.from({ length: 10 }, (_, k) => 62 + (k % 2));
  expect(account(decoded, indexOf(625, 31.25), telecine)).toMatchObject({
    ...{ leftOut: 0, undecoded: 0 },
  });
});

test("times that are guessed, as those of a VOB, leave nothing out by themselves", () => {
  const log = createTrackLog(0, "video");
  for (let n = 0; n < 500; n += 1) {
    // From the 200th on those that tell nothing come to lie one frame late, and then two at once.
    const dtsMicros = (n >= 200 && n < 300 ? n + 1 : n) * 40_000;
    log.add({
      ...{ track: 0, kind: "video", ptsMicros: n === 0 ? 0 : undefined, dtsMicros, bytes: 9 },
      ...{ durationMicros: 40_000, position: n, isKey: true, isDiscarded: false },
    });
  }
  const index = { end: { why: "end" }, tracks: [log.log()] } as const;
  const source = sourceOf({}, "mpeg");
  const guessed = (decoded: readonly number[]) =>
    accountPictures({ source, timeline: FILM, decoded }, index);
  expect(guessed(each(50))).toMatchObject({ leftOut: 0, undecoded: 0 });
  expect(guessed(each(50, { 4: 48, 5: 52 }))).toMatchObject({ undecoded: 0 });
  // As many as there are, but not where they are.
  expect(guessed(each(50, { 4: 38, 8: 62 }))).toMatchObject({ firstUndecoded: 4 });
});
