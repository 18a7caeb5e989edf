import { describe, expect, it } from "vitest";
import { findPieces } from "./clock-pieces.ts";
import { every, trackOf } from "./testing/packets.ts";

const RULES = { closesHoles: true, hasOwnClock: true };
const SOUND_MS = 64 / 3;
const seconds = (pieces: ReturnType<typeof findPieces>) =>
  pieces.map(({ fromByte, parts }) => [
    fromByte,
    ...parts
      .toSorted((a, b) => a.track - b.track)
      .flatMap(({ startMicros, endMicros }) => [
        startMicros / 1e6,
        Math.round(endMicros / 1e5) / 10,
      ]),
  ]);

describe("the pieces of a film", () => {
  it("are one where the clock goes on", () => {
    const video = trackOf("video", [{ ms: every(40, 0, 10_000), fromByte: 0 }]);
    const sound = trackOf("audio", [{ ms: every(SOUND_MS, 0, 10_000), fromByte: 50 }]);
    const pieces = findPieces(video, [sound], RULES);
    expect(seconds(pieces)).toEqual([[0, 0, 10, 0, 10]]);
    expect(pieces[0]?.parts.find(({ track }) => track === 0)?.pictures).toHaveLength(250);
  });

  it("begin where the clock begins anew, in the order of the file", () => {
    const video = trackOf("video", [
      { ms: every(40, 5_000, 15_000), fromByte: 0 },
      { ms: every(40, 1_000, 4_000), fromByte: 100_000 },
      { ms: every(40, 1_000, 3_000), fromByte: 200_000 },
    ]);
    const sound = trackOf("audio", [
      { ms: every(SOUND_MS, 5_000, 15_000), fromByte: 50 },
      { ms: every(SOUND_MS, 1_000, 4_000), fromByte: 100_050 },
      { ms: every(SOUND_MS, 1_000, 3_000), fromByte: 200_050 },
    ]);
    expect(seconds(findPieces(video, [sound], RULES))).toEqual([
      [0, 5, 15, 5, 15],
      [100_000, 1, 4, 1, 4],
      [200_000, 1, 3, 1, 3],
    ]);
  });

  it("begin with the sound that lies before the first picture of its clock", () => {
    const video = trackOf("video", [
      { ms: every(40, 5_000, 15_000), fromByte: 0 },
      { ms: every(40, 1_000, 4_000), fromByte: 100_000 },
    ]);
    const sound = trackOf("audio", [
      { ms: every(SOUND_MS, 5_000, 15_000), fromByte: 50 },
      { ms: every(SOUND_MS, 1_000, 4_000), fromByte: 99_000 },
    ]);
    expect(seconds(findPieces(video, [sound], RULES))).toEqual([
      [0, 5, 15, 5, 15],
      [99_000, 1, 4, 1, 4],
    ]);
  });

  it("end at a hole in picture and sound, however long, but at none that sound goes on through", () => {
    const pictures = [...every(40, 0, 4_000), ...every(40, 5_000_000, 5_002_000)];
    const video = trackOf("video", [{ ms: pictures, fromByte: 0 }]);
    const holed = [...every(SOUND_MS, 0, 4_000), ...every(SOUND_MS, 5_000_000, 5_002_000)];
    const sound = (ms: readonly number[]) => trackOf("audio", [{ ms, fromByte: 0 }]);
    expect(seconds(findPieces(video, [sound(holed)], RULES))).toEqual([
      [0, 0, 4, 0, 4],
      [10_000, 5_000, 5_002, 5_000, 5_002],
    ]);
    expect(findPieces(video, [sound(every(SOUND_MS, 0, 5_002_000))], RULES)).toHaveLength(1);
    expect(findPieces(video, [], RULES)).toHaveLength(2);
    expect(findPieces(video, [], { ...RULES, closesHoles: false })).toHaveLength(1);
  });

  it("take two recordings that overlap by two pictures apart, where the times are the file's own", () => {
    const ms = [...every(40, 0, 4_000), ...every(40, 3_920, 8_000)];
    const video = trackOf("video", [{ ms, fromByte: 0 }]);
    expect(findPieces(video, [], RULES)).toHaveLength(2);
    expect(findPieces(video, [], { ...RULES, hasOwnClock: false })).toHaveLength(1);
  });

  it("are not made of a clock that stutters all the time", () => {
    const ms = every(40, 0, 60_000).map((time, n) => (n % 5 === 4 ? time - 50 : time));
    const video = trackOf("video", [{ ms, fromByte: 0 }]);
    expect(findPieces(video, [], RULES)).toHaveLength(1);
  });

  it("keep sound alone with the pictures before it, and leave out what comes an hour later", () => {
    const video = trackOf("video", [{ ms: every(40, 0, 4_000), fromByte: 0 }]);
    const later = (from: number) =>
      trackOf("audio", [
        { ms: [...every(SOUND_MS, 0, 4_000), ...every(SOUND_MS, from, from + 2_000)], fromByte: 0 },
      ]);
    expect(seconds(findPieces(video, [later(20_000)], RULES))).toEqual([[0, 0, 4, 0, 22]]);
    expect(seconds(findPieces(video, [later(3_600_000)], RULES))).toEqual([[0, 0, 4, 0, 4]]);
  });
});
