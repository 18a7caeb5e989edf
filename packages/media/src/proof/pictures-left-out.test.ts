import type { Timeline } from "@upreel/core";
import { expect, test } from "vitest";
import { createTrackLog } from "../packet-index/track-log.ts";
import { picturesLeftOut } from "./pictures-left-out.ts";

const FILM: Timeline = {
  ...{ zeroMicros: 0, rate: { num: 25, den: 1 }, frameCount: 500, framesPerSegment: 50 },
};

function logOf(count: number, perSecond: number) {
  const log = createTrackLog(0, "video");
  for (let n = 0; n < count; n += 1) {
    const ptsMicros = Math.round((n * 1e6) / perSecond);
    log.add({
      ...{ track: 0, kind: "video", ptsMicros, dtsMicros: ptsMicros, bytes: 100, position: n },
      ...{ durationMicros: 1e6 / perSecond, isKey: true, isDiscarded: false },
    });
  }
  return log.log();
}

test("a film with a frame for each picture leaves none out", () => {
  expect(picturesLeftOut(logOf(500, 25), FILM)).toBeUndefined();
  expect(picturesLeftOut(logOf(250, 12.5), FILM)).toBeUndefined();
});

test("pictures that share a frame, or lie behind the film's end, are counted", () => {
  expect(picturesLeftOut(logOf(1000, 50), FILM)).toEqual({ lost: 500, pictures: 1000 });
  expect(picturesLeftOut(logOf(520, 25), FILM)).toEqual({ lost: 20, pictures: 520 });
});
