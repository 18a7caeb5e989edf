import { mkdir, readFile, readdir, rmdir, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Timeline } from "@upreel/core";
import {
  PlaylistChecker,
  makeManualClock,
  makeRecordingLog,
  makeTempFolder,
} from "@upreel/testkit";
import { afterEach, describe, expect, test, vi } from "vitest";
import { LiveBroadcast } from "./broadcast.ts";

// Segments of 0.2 s; the target duration is 1 s, so the shortest list has 15.
const timeline: Timeline = {
  zeroMicros: 0,
  rate: { num: 10, den: 1 },
  frameCount: 200,
  framesPerSegment: 2,
};
const upTo = (count: number): Set<number> => new Set(Array.from({ length: count }, (_, k) => k));

async function openBroadcast(
  ready: Set<number>,
  clock: { nowMs(): number; advance(ms: number): void } = makeManualClock(),
) {
  const temp = await makeTempFolder();
  const path = join(temp.path, "live.m3u8");
  const log = makeRecordingLog();
  const open = () => new LiveBroadcast({ clock, log, path, ready, listSize: 15 }, startedAtMs);
  const startedAtMs = clock.nowMs();
  const broadcast = open();
  return {
    ...{ broadcast, clock, log, path, temp, open },
    read: () => readFile(path, "utf8"),
    async [Symbol.asyncDispose]() {
      await broadcast[Symbol.asyncDispose]();
      await temp[Symbol.asyncDispose]();
    },
  };
}

/** The time of day, and timers, stand still until they are told to move. */
function fakeClock() {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
  return { nowMs: () => Date.now(), advance: (ms: number) => void vi.advanceTimersByTime(ms) };
}
afterEach(() => void vi.useRealTimers());

/** Lets half a target duration pass, at whose end a version comes by itself, and waits for that. */
async function nextVersion({ broadcast }: { readonly broadcast: LiveBroadcast }): Promise<void> {
  const written = new Promise<void>((resolve) => void broadcast.onWritten(resolve));
  await vi.advanceTimersByTimeAsync(499);
  // It is still waited for; whatever else goes on in this process may have timers of its own.
  expect(vi.getTimerCount()).toBeGreaterThan(0);
  await vi.advanceTimersByTimeAsync(1);
  await written;
}

const listed = (text: string): number[] =>
  [...text.matchAll(/segments\/(\d+)\.ts/g)].map((match) => Number(match[1]));

describe("live.m3u8", () => {
  test("is not there before the first segment", async () => {
    const ready = upTo(0);
    await using b = await openBroadcast(ready);
    await b.broadcast.refresh(timeline);
    expect(await readdir(b.temp.path)).toEqual([]);
    ready.add(0);
    await b.broadcast.refresh();
    expect(listed(await b.read())).toEqual([0]);
  });

  test("moves by itself when more is made than is listed", async () => {
    await using b = await openBroadcast(upTo(40), fakeClock());
    await b.broadcast.refresh(timeline);
    expect(listed(await b.read())[0]).toBe(0);
    // The viewer is in his second segment by then, and half a target duration has to pass first.
    await nextVersion(b);
    expect(listed(await b.read())[0]).toBe(2);
  });

  test("is complete for a reader who looks a thousand times a second", async () => {
    const ready = upTo(1);
    await using b = await openBroadcast(ready);
    await b.broadcast.refresh(timeline);
    const checker = new PlaylistChecker();
    const isDone = new AbortController();
    const reader = (async () => {
      while (!isDone.signal.aborted) {
        checker.add({ text: await b.read(), atMs: b.clock.nowMs() });
        await new Promise((resolve) => setImmediate(resolve));
      }
      checker.add({ text: await b.read(), atMs: b.clock.nowMs() });
    })();
    for (let k = 1; k < 100; k += 1) {
      ready.add(k);
      b.clock.advance(600);
      await b.broadcast.refresh();
    }
    isDone.abort();
    await reader;
    // Its clock and its reads are not in step; the time between versions has tests of its own.
    expect(checker.checkEnd().filter((problem) => !problem.startsWith("R8"))).toEqual([]);
    expect(checker.versions.length).toBeGreaterThan(50);
  });

  test("has no new version within half a target duration, and then one by itself", async () => {
    const ready = upTo(1);
    await using b = await openBroadcast(ready, fakeClock());
    await b.broadcast.refresh(timeline);
    for (const k of [1, 2, 3]) {
      ready.add(k);
      await b.broadcast.refresh();
    }
    expect(listed(await b.read())).toEqual([0]);
    await nextVersion(b);
    expect(listed(await b.read())).toEqual([0, 1, 2, 3]);
  });

  test("has no new version at once where the disk took long for the last one", async () => {
    const ready = upTo(1);
    const clock = makeManualClock();
    const { promise: looked, resolve: look } = Promise.withResolvers<void>();
    const nowMs = (): number => {
      if (isLooking) look();
      return clock.nowMs();
    };
    let isLooking = false;
    await using b = await openBroadcast(ready, { ...clock, nowMs });
    isLooking = true;
    const first = b.broadcast.refresh(timeline);
    // Its look, which asks for the time, is over, and it is being written.
    await looked;
    b.clock.advance(2000);
    ready.add(1);
    await Promise.all([first, b.broadcast.refresh()]);
    expect(listed(await b.read())).toEqual([0]);
    b.clock.advance(500);
    await b.broadcast.refresh();
    expect(listed(await b.read())).toEqual([0, 1]);
  });

  test("is not written again when nothing changed", async () => {
    await using b = await openBroadcast(upTo(3));
    await b.broadcast.refresh(timeline);
    await utimes(b.path, 1, 1);
    await b.broadcast.refresh();
    expect((await stat(b.path)).mtimeMs).toBe(1000);
  });

  test("says what is on air: what it lists, did a list ago, or soon will", async () => {
    await using b = await openBroadcast(upTo(60));
    await b.broadcast.refresh(timeline);
    b.clock.advance(6000);
    await b.broadcast.refresh();
    expect([listed(await b.read())[0], listed(await b.read()).at(-1)]).toEqual([30, 44]);
    expect([14, 15, 30, 44, 47, 48].map((k) => b.broadcast.isOnAir(k))).toEqual([
      ...[false, true, true, true, true, false],
    ]);
    await b.broadcast.end();
    expect(b.broadcast.isOnAir(30)).toBe(false);
  });

  test("ends with all that is made when no more will come", async () => {
    await using b = await openBroadcast(upTo(40));
    await b.broadcast.refresh(timeline);
    expect(listed(await b.read())).toHaveLength(15);
    await b.broadcast.end();
    expect(listed(await b.read())).toHaveLength(40);
    expect(await b.read()).toContain("#EXT-X-ENDLIST");
    b.clock.advance(10_000);
    await b.broadcast.refresh();
    expect(listed(await b.read())).toHaveLength(40);
  });

  test("of a new broadcast starts at the first segment again", async () => {
    const ready = upTo(40);
    await using b = await openBroadcast(ready);
    await b.broadcast.refresh(timeline);
    b.clock.advance(4000);
    await b.broadcast.refresh();
    await b.broadcast.end();
    expect(listed(await b.read())[0]).toBe(20);
    await b.broadcast.restart(b.clock.nowMs());
    expect(listed(await b.read())).toEqual([...upTo(15)]);
    expect(await b.read()).toContain("#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:00:04.000Z");
  });

  test("of a new broadcast is gone until there is a first segment", async () => {
    const ready = upTo(3);
    await using b = await openBroadcast(ready);
    await b.broadcast.refresh(timeline);
    ready.clear();
    await b.broadcast.restart(b.clock.nowMs());
    expect(await readdir(b.temp.path)).toEqual([]);
  });

  test("that cannot be written is reported, and written at the next change", async () => {
    const ready = upTo(1);
    await using b = await openBroadcast(ready);
    await mkdir(`${b.path}.tmp`);
    await b.broadcast.refresh(timeline);
    expect(b.log.entries.map((entry) => entry.level)).toEqual(["error"]);
    await rmdir(`${b.path}.tmp`);
    await b.broadcast.refresh();
    expect(listed(await b.read())).toEqual([0]);
  });
});

describe("after a restart", () => {
  test("the broadcast goes on where it was, and the list obeys RFC 8216 across it", async () => {
    const ready = upTo(60);
    await using b = await openBroadcast(ready);
    const checker = new PlaylistChecker();
    const see = async () => checker.add({ text: await b.read(), atMs: b.clock.nowMs() });
    await b.broadcast.refresh(timeline);
    await see();
    b.clock.advance(1000);
    await b.broadcast.refresh();
    await see();
    b.clock.advance(1000);
    await b.broadcast.refresh();
    await see();
    // The manual clock is the one that stamps the file, too.
    await utimes(b.path, new Date(b.clock.nowMs()), new Date(b.clock.nowMs()));
    await b.broadcast[Symbol.asyncDispose]();

    b.clock.advance(1000);
    await using again = b.open();
    await again.resume(timeline);
    await see();
    expect(listed(await b.read())[0]).toBe(15);
    for (let k = 60; k < 100; k += 1) {
      ready.add(k);
      b.clock.advance(500);
      await again.refresh();
      await see();
    }
    expect(checker.checkEnd()).toEqual([]);
  });

  test("a broadcast that had ended stays as it was", async () => {
    await using b = await openBroadcast(upTo(40));
    await b.broadcast.refresh(timeline);
    await b.broadcast.end();
    const before = await b.read();
    await using again = b.open();
    await again.resume(timeline);
    expect(await b.read()).toBe(before);
  });

  test("the times of day stay, though the record may not know of the new broadcast", async () => {
    await using b = await openBroadcast(upTo(40));
    await b.broadcast.refresh(timeline);
    b.clock.advance(60_000);
    await b.broadcast.restart(b.clock.nowMs());
    b.clock.advance(1000);
    await b.broadcast.refresh();
    const before = await b.read();
    await using again = b.open();
    await again.resume(timeline);
    b.clock.advance(1000);
    await again.refresh();
    const timeOf = (text: string, k: number) =>
      new RegExp(`DATE-TIME:(.*)\n.*\n.*0${k}\\.ts`).exec(text)?.[1];
    expect(timeOf(before, 12)).toBe("2026-01-01T00:01:02.400Z");
    expect(timeOf(await b.read(), 12)).toBe(timeOf(before, 12));
  });

  test("a damaged live.m3u8 is written anew", async () => {
    await using b = await openBroadcast(upTo(40));
    await writeFile(b.path, "\0\0\0");
    await b.broadcast.resume(timeline);
    expect(listed(await b.read())).toHaveLength(15);
  });
});
