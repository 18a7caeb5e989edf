import type { AudioTrack } from "@upreel/core";
import { expect, test } from "vitest";
import { createTrackLog } from "../packet-index/track-log.ts";
import { whyNotCopied, type SoundEvidence } from "./copied-sound.ts";

const PACKET = 21_333;
const AAC: AudioTrack = {
  ...{ index: 1, codec: "aac", channels: 2, sampleRate: 48_000, isDefault: true },
};

/** Packets that begin at these multiples of a packet's time. */
function logOf(starts: readonly number[]) {
  const log = createTrackLog(1, "audio");
  for (const [position, start] of starts.entries()) {
    const ptsMicros = Math.round(start * PACKET);
    log.add({
      ...{ track: 1, kind: "audio", ptsMicros, dtsMicros: ptsMicros, durationMicros: PACKET },
      ...{ bytes: 100, position, isKey: true, isDiscarded: false },
    });
  }
  return log.log();
}

const grid = Array.from({ length: 500 }, (_, i) => i);
const WHOLE: SoundEvidence = {
  track: AAC,
  format: "mov,mp4,m4a,3gp,3g2,mj2",
  log: logOf(grid),
  config: Buffer.from("1190", "hex"),
  film: { startMicros: 0, endMicros: 500 * PACKET },
};
const why = (change: Partial<SoundEvidence>) => whyNotCopied({ ...WHOLE, ...change });

test("sound whose packets meet from the first frame to the last is copied", () => {
  expect(why({})).toBeUndefined();
  expect(why({ film: { startMicros: -80_000, endMicros: 503 * PACKET } })).toBeUndefined();
  expect(why({ log: logOf(grid.map((n) => n + (n % 2) * 0.04)) })).toBeUndefined();
});

test("one lost packet, a late begin or an early end, and it is encoded", () => {
  expect(why({ log: logOf(grid.filter((n) => n !== 300)) })).toBe("it has holes");
  expect(why({ log: logOf(grid.map((n) => (n < 300 ? n : n + 0.5))) })).toBe("it has holes");
  expect(why({ film: { startMicros: -200_000, endMicros: 500 * PACKET } })).toMatch(/begins after/);
  expect(why({ film: { startMicros: 0, endMicros: 510 * PACKET } })).toMatch(/ends before/);
  expect(why({ log: logOf([]) })).toMatch(/no packet/);
});

test("nothing is copied that is not proved", () => {
  expect(why({ log: undefined })).toMatch(/not all/);
  expect(why({ film: undefined })).toMatch(/jumps/);
});

test("a layout that stands in the first packet alone, or that may change, is encoded", () => {
  expect(why({ config: Buffer.from("118004c8", "hex") })).toMatch(/first packet/);
  expect(why({ config: undefined })).toMatch(/first packet/);
  expect(why({ format: "mpegts" })).toMatch(/may change/);
  const dolby = { ...AAC, codec: "ac3", channels: 6 };
  expect(why({ format: "mpegts", track: dolby, config: undefined })).toBeUndefined();
});
