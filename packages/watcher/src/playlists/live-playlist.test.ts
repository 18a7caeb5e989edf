import { durationSeconds, segmentCount, segmentFileName, type Timeline } from "@upreel/core";
import { PlaylistChecker } from "@upreel/testkit";
import { describe, expect, test } from "vitest";
import {
  firstMissing,
  fullSegmentSeconds,
  livePlaylist,
  liveWindow,
  targetDurationSeconds,
  type Broadcast,
  type Window,
} from "./live-playlist.ts";
import { advanceViewer, type ViewerClock } from "./viewer-clock.ts";

const timeline: Timeline = {
  zeroMicros: 0,
  rate: { num: 24_000, den: 1001 },
  frameCount: 48 * 100 + 13,
  framesPerSegment: 48,
};
const startedAtMs = Date.UTC(2026, 0, 1);
const upTo = (count: number): Set<number> => new Set(Array.from({ length: count }, (_, k) => k));

const at = (change: Partial<Broadcast>): Broadcast => ({
  timeline,
  ready: upTo(100),
  viewerSeconds: 0,
  listSize: 10,
  startedAtMs,
  lastFirst: 0,
  isEnded: false,
  ...change,
});

describe("the text", () => {
  test("carries the tags of a rolling playlist, exact lengths and times of day", () => {
    expect(livePlaylist(at({ ready: upTo(2) }))).toBe(
      [
        "#EXTM3U",
        "#EXT-X-VERSION:6",
        "#EXT-X-TARGETDURATION:3",
        "#EXT-X-MEDIA-SEQUENCE:0",
        "#EXT-X-INDEPENDENT-SEGMENTS",
        "#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:00:00.000Z",
        "#EXTINF:2.002000,",
        "segments/000000.ts",
        "#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:00:02.002Z",
        "#EXTINF:2.002000,",
        "segments/000001.ts",
        "",
      ].join("\n"),
    );
  });

  test("is none before the first segment, and none while only later segments are made", () => {
    expect(livePlaylist(at({ ready: new Set() }))).toBeUndefined();
    expect(livePlaylist(at({ ready: new Set([40, 41]) }))).toBeUndefined();
  });

  test("ends with the exact length of the last, short segment", () => {
    const text = livePlaylist(at({ ready: upTo(101), viewerSeconds: 200, lastFirst: 90 }))!;
    expect(text.trimEnd().split("\n").slice(-3)).toEqual([
      "#EXTINF:0.542208,",
      "segments/000100.ts",
      "#EXT-X-ENDLIST",
    ]);
  });
});

describe("the window", () => {
  test("is never more than a list ahead of the viewer", () => {
    expect(liveWindow(at({ viewerSeconds: 0 }))).toEqual({ first: 0, end: 10, isLast: false });
    expect(liveWindow(at({ viewerSeconds: 2.001 })).end).toBe(10);
    expect(liveWindow(at({ viewerSeconds: 2.002 }))).toMatchObject({ first: 1, end: 11 });
  });

  test("ends before the first missing segment", () => {
    const ready = new Set([0, 1, 2, 4, 5]);
    expect(liveWindow(at({ ready, viewerSeconds: 60 }))).toMatchObject({ first: 0, end: 3 });
  });

  test("never goes back", () => {
    expect(liveWindow(at({ ready: upTo(20), lastFirst: 12 })).first).toBe(12);
  });

  test("is at least three target durations long, however short the list is asked to be", () => {
    // 3 × 3 s; 4 segments of 2.002 s are not enough.
    const { first, end } = liveWindow(at({ listSize: 1, viewerSeconds: 100 }));
    expect((end - first) * fullSegmentSeconds(timeline)).toBeGreaterThanOrEqual(9);
  });

  test("of a broadcast that was ended lists all that is made from its start on", () => {
    const ended = liveWindow(at({ ready: upTo(70), lastFirst: 5, isEnded: true }));
    expect(ended).toEqual({ first: 5, end: 70, isLast: true });
  });
});

/** Plays a broadcast through; `madeAt` tells how many segments are made at a time. */
function simulate(madeAt: (seconds: number) => number, untilSeconds: number) {
  const checker = new PlaylistChecker();
  const count = segmentCount(timeline);
  let viewer: ViewerClock = { seconds: 0, atMs: startedAtMs };
  let lastFirst = 0;
  let ready = new Set<number>();
  let listedAtSeconds = -Infinity;
  let window: Window = { first: 0, end: 0, isLast: false };
  // A player that starts with the first segment, holds three ahead and asks for each once.
  const player = { seconds: 0, next: 0, lost: 0 };
  for (let seconds = 0; seconds < untilSeconds; seconds += 0.25) {
    const made = firstMissing(ready, 0);
    const madeSeconds = made === 0 ? 0 : durationOf(made);
    viewer = advanceViewer(viewer, startedAtMs + seconds * 1000, madeSeconds);
    ready = upTo(Math.min(madeAt(seconds), count));
    for (const k of ready) checker.notePublished(`segments/${segmentFileName(k)}`, seconds * 1000);
    const broadcast = at({ ready, viewerSeconds: viewer.seconds, lastFirst });
    const text = livePlaylist(broadcast);
    // As LiveBroadcast does: a new version half a target duration after the last one, or later.
    const isDue = seconds - listedAtSeconds >= targetDurationSeconds(timeline) / 2;
    if (text !== undefined && text !== checker.versions.at(-1)?.text && isDue) {
      listedAtSeconds = seconds;
      window = liveWindow(broadcast);
      lastFirst = window.first;
      checker.add({ text, atMs: seconds * 1000 });
    }
    const loadedSeconds = durationOf(player.next);
    player.seconds = Math.min(player.seconds + 0.25, loadedSeconds);
    const wanted = Math.floor(player.seconds / fullSegmentSeconds(timeline)) + 3;
    if (player.next < window.first) player.lost += 1;
    while (player.next < window.end && player.next <= wanted) player.next += 1;
  }
  return { checker, lost: player.lost, seen: player.next };
}

const durationOf = (segments: number): number =>
  Math.min(segments * fullSegmentSeconds(timeline), durationSeconds(timeline));

describe("a viewer who starts at once sees every segment, and the list obeys RFC 8216,", () => {
  const perSecond = 1 / fullSegmentSeconds(timeline);

  test.for([0.5, 0.9, 1, 1.26, 5, 100])("at speed %f", (speed) => {
    const seconds = durationSeconds(timeline) / Math.min(speed, 1) + 60;
    const run = simulate((s) => Math.floor(s * perSecond * speed), seconds);
    expect(run.lost).toBe(0);
    expect(run.checker.checkEnd()).toEqual([]);
    expect(run.seen).toBe(101);
  });

  test("when the upscale stands still for ten minutes and is then fast", () => {
    const run = simulate((s) => (s < 40 ? s : s < 640 ? 40 : 40 + (s - 640) * 5) * perSecond, 1000);
    expect(run.lost).toBe(0);
    expect(run.checker.checkEnd()).toEqual([]);
    expect(run.seen).toBe(101);
  });
});
