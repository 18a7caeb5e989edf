import type { StreamRecord, Timeline } from "@upreel/core";

/** 25 frames a second, 2 segments a second: small enough to encode in a test. */
export const makeTimeline = (frameCount: number, rate = { num: 25, den: 1 }): Timeline => ({
  zeroMicros: 0,
  rate,
  frameCount,
  framesPerSegment: Math.round(rate.num / rate.den / 2),
});

/** A record of a stream that has been probed. */
export function makeRecord(change: Partial<StreamRecord> = {}): StreamRecord {
  return {
    version: 1,
    id: "abcdefghijklmnop",
    title: "Film",
    file: { path: "/films/film.mkv", sizeBytes: 1, modifiedMs: 1 },
    priority: "viewer",
    profile: { model: "auto", scale: 2, encoder: "auto", quality: 20 },
    createdAtMs: Date.UTC(2026, 0, 1),
    broadcastStartedAtMs: Date.UTC(2026, 0, 1),
    state: "idle",
    made: [],
    remade: 0,
    ...change,
  };
}
