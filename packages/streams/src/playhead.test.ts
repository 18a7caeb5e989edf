import { describe, expect, it } from "vitest";
import { noteAsked, playheadSeconds, type Playhead } from "./playhead.ts";
import { timelineOf } from "./testing/films.ts";

const TIMELINE = timelineOf(100);
const asked = (...requests: [segment: number, atMs: number][]): Playhead => {
  const playhead = requests.reduce<Playhead | undefined>(
    (before, [segment, atMs]) => noteAsked(before, segment, atMs),
    undefined,
  );
  if (playhead === undefined) throw new Error("nothing asked");
  return playhead;
};

describe("the playhead", () => {
  it("moves with the time since the first request, whatever a player reads ahead", () => {
    const readAhead = asked([10, 0], [11, 10], [12, 20], [13, 30], [14, 40]);
    expect(playheadSeconds(readAhead, TIMELINE, 1_000)).toBe(6);
  });
  it("never passes what was asked for", () => {
    expect(playheadSeconds(asked([10, 0], [11, 500]), TIMELINE, 60_000)).toBe(5.5);
  });
  it("begins anew at a jump in either direction", () => {
    expect(playheadSeconds(asked([10, 0], [11, 9], [50, 5_000]), TIMELINE, 5_000)).toBe(25);
    expect(playheadSeconds(asked([50, 0], [51, 9], [10, 5_000]), TIMELINE, 5_000)).toBe(5);
  });
  it("is not moved by a segment that is asked for twice", () => {
    expect(asked([10, 0], [11, 100], [10, 200])).toMatchObject({ firstAsked: 10, lastAsked: 11 });
  });
  it("stays when the clock of the machine is put back", () => {
    expect(playheadSeconds(asked([10, 5_000], [11, 5_100]), TIMELINE, 0)).toBe(5);
  });
});
