import { signal } from "@preact/signals";
import type { StreamStatus } from "@upreel/core";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createPlayer } from "./player.ts";
import { fakeFilm } from "./testing/fake-film.ts";

const TOTAL_SECONDS = 600;
/** Between them nothing is made. */
const MADE = [
  [0, 100],
  // Rounded to milliseconds.
  [500, TOTAL_SECONDS - 0.001],
] as const;
/** A seek of the original. */
const LOAD_MS = 5_000;

beforeEach(() => {
  vi.useFakeTimers();
  const documentElement = { dataset: { root: "http://upreel/" } };
  vi.stubGlobal("document", { documentElement, hidden: true });
  vi.stubGlobal("location", { href: "http://upreel/" });
  vi.stubGlobal("fetch", () => new Promise(() => undefined));
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** The upscaled film plays. */
async function playsUpscaled() {
  const closing = new AbortController();
  const status = {
    ...{ id: "one", film: "one", state: "paused", speed: 1, frames_total: TOTAL_SECONDS * 24 },
    ...{ duration_seconds: TOTAL_SECONDS, ready_ranges: MADE },
  };
  const isMade = (at: number): boolean => MADE.some(([from, to]) => from <= at && at <= to + 0.001);
  const pictures = {
    original: fakeFilm("original", TOTAL_SECONDS, () => LOAD_MS / 1_000),
    upscaled: fakeFilm("upscaled", TOTAL_SECONDS, (to) => (isMade(to) ? 0.1 : Infinity)),
  };
  const player = createPlayer({
    ...{ id: "one", pictures, signal: closing.signal },
    status: signal(status as unknown as StreamStatus),
  });
  await vi.advanceTimersByTimeAsync(1_000);
  const { original, upscaled } = pictures;
  expect([player.showing.value, upscaled.video.paused]).toEqual(["upscaled", false]);
  return { player, original, upscaled, [Symbol.dispose]: () => closing.abort() };
}

/** Seeks to what is not made: the original loads, and is not there yet. */
async function jump({ player }: Awaited<ReturnType<typeof playsUpscaled>>): Promise<void> {
  player.seek(300);
  await vi.advanceTimersByTimeAsync(1_000);
  expect([player.showing.value, player.position.value]).toEqual(["upscaled", 300]);
}

it("who chooses the original while a jump loads it sees it at the place of the jump", async () => {
  using film = await playsUpscaled();
  await jump(film);
  film.player.choose("original");
  await vi.advanceTimersByTimeAsync(2 * LOAD_MS);
  expect(film.player.showing.value).toBe("original");
  expect(film.player.position.value).toBeGreaterThanOrEqual(300);
  expect(film.original.video.paused).toBe(false);
});

it("who chooses the upscaled film while a jump loads the original waits for it at the place of the jump", async () => {
  using film = await playsUpscaled();
  await jump(film);
  film.player.choose("upscaled");
  await vi.advanceTimersByTimeAsync(2 * LOAD_MS);
  const { showing, position, isWaiting } = film.player;
  expect([showing.value, position.value, isWaiting.value]).toEqual(["upscaled", 300, true]);
  expect([film.upscaled.time(), film.upscaled.video.paused]).toEqual([300, false]);
});

it("a pause and its end while a jump loads do not play on at the place that was left", async () => {
  using film = await playsUpscaled();
  await jump(film);
  film.player.pause();
  film.player.play();
  await vi.advanceTimersByTimeAsync(1_000);
  expect([film.player.position.value, film.upscaled.video.paused]).toEqual([300, true]);
  await vi.advanceTimersByTimeAsync(LOAD_MS);
  expect([film.player.showing.value, film.original.video.paused]).toEqual(["original", false]);
});

it("the last moments of the upscaled film are sought in it", async () => {
  using film = await playsUpscaled();
  for (const seconds of [TOTAL_SECONDS - 0.5, TOTAL_SECONDS]) {
    film.player.seek(seconds);
    expect(film.original.video.seeking).toBe(false);
    await vi.advanceTimersByTimeAsync(1_000);
    expect([film.player.showing.value, film.upscaled.video.ended]).toEqual(["upscaled", true]);
  }
});

it("a jump from the end of the film plays where it leads", async () => {
  using film = await playsUpscaled();
  film.player.seek(TOTAL_SECONDS);
  await vi.advanceTimersByTimeAsync(1_000);
  expect([film.upscaled.video.ended, film.player.wantsToPlay.value]).toEqual([true, false]);
  await jump(film);
  expect([film.player.wantsToPlay.value, film.player.isWaiting.value]).toEqual([true, true]);
  await vi.advanceTimersByTimeAsync(LOAD_MS);
  expect([film.player.showing.value, film.original.video.paused]).toEqual(["original", false]);
});
