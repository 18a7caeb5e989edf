import type { Packet } from "../packet.ts";
import { createTrackLog, type TrackLog } from "../track-log.ts";

/** A picture of 40 ms, decoded when it is shown. */
export const pictureAt = (ms: number, position = 0): Packet => ({
  ...{ track: 0, kind: "video", ptsMicros: ms * 1_000, dtsMicros: ms * 1_000 },
  ...{ durationMicros: 40_000, bytes: 1, position, isKey: true, isDiscarded: false },
});

/** 1024 samples of sound at 48 kHz. */
export const soundAt = (ms: number, position = 0): Packet => ({
  ...{ track: 1, kind: "audio", ptsMicros: ms * 1_000, dtsMicros: ms * 1_000 },
  ...{ durationMicros: 21_333, bytes: 1, position, isKey: true, isDiscarded: false },
});

/** A track with a packet at each of these times, 100 bytes apart from `fromByte` on. */
export function trackOf(
  kind: Packet["kind"],
  runs: readonly { readonly ms: readonly number[]; readonly fromByte: number }[],
): TrackLog {
  const log = createTrackLog(kind === "video" ? 0 : 1, kind);
  const packetAt = kind === "video" ? pictureAt : soundAt;
  for (const { ms, fromByte } of runs) {
    for (const [n, time] of ms.entries()) log.add(packetAt(time, fromByte + 100 * n));
  }
  return log.log();
}

/** Times from `fromMs` until before `toMs`. */
export const every = (stepMs: number, fromMs: number, toMs: number): number[] =>
  Array.from({ length: Math.ceil((toMs - fromMs) / stepMs) }, (_, n) => fromMs + n * stepMs);
