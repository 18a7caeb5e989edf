import type { StreamRecord } from "@upreel/core";
import { expect, test } from "vitest";
import { plannedRecord } from "./testing/films.ts";
import { unevenTracks } from "./uneven-tracks.ts";

const record = plannedRecord();
const timeline = {
  ...{ zeroMicros: 0, rate: { num: 25, den: 1 }, frameCount: 500, framesPerSegment: 50 },
};
const sound = { index: 1, codec: "aac", channels: 2, sampleRate: 48_000, isDefault: true };
const film = (endSeconds: number | undefined, stillFrom?: number): StreamRecord => ({
  ...record,
  source: { ...record.source!, audio: [{ ...sound, endSeconds }] },
  output: { ...record.output!, audio: { kind: "copy", index: 1, sampleRate: 48_000 } },
  timeline:
    stillFrom === undefined
      ? timeline
      : { ...timeline, pieces: [{ firstFrame: 0, clockMicros: 0, stillFrom }] },
});

test("a film whose picture and sound are as long as each other has nothing to say", () => {
  for (const end of [20, 18.5, 25, undefined]) expect(unevenTracks(film(end))).toBeUndefined();
  expect(unevenTracks(film(20, 490))).toBeUndefined();
});

test("colours that nothing can show are told, with where", () => {
  const hdr = { name: "Dolby Vision 5", base: "none", peakNits: 1000 } as const;
  const change = { firstFrame: 250, pixelFormat: "yuv420p10le", bitDepth: 10, colour: {}, hdr };
  const found = unevenTracks({ ...film(20), timeline: { ...timeline, colours: [change] } });
  expect(found?.message).toContain(
    "is Dolby Vision 5 from 00:00:10 on: its colours are wrong there",
  );
});

test("pictures or sound that end early are told, with where", () => {
  expect(unevenTracks(film(20, 300))).toMatchObject({
    code: "source_uneven",
    message: expect.stringContaining("no pictures from 00:00:12 on"),
    expected: "pictures until 00:00:20",
  });
  expect(unevenTracks(film(12))).toMatchObject({
    code: "source_uneven",
    message: expect.stringContaining("no sound from 00:00:12 on: silence follows"),
  });
});
