import { signal } from "@preact/signals";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { PictureKind } from "../../playback/decide.ts";
import { createFilmChange } from "./film-change.ts";
import type { Picture } from "../../playback/picture.ts";
import type { PlaybackState } from "../../playback/playback-state.ts";

const calls: string[] = [];
const READY = { readyState: 4, seeking: false };

/** A film that is not ready, and never gets so by itself. */
const picture = (kind: PictureKind): Picture =>
  ({
    kind,
    video: { paused: true, readyState: 0, seeking: true, volume: 1, muted: false, pause() {} },
    problem: signal(undefined),
    time: () => 0,
    seek: () => void calls.push(`${kind} seeks`),
    rest: () => void calls.push(`${kind} rests`),
  }) as unknown as Picture;

beforeEach(() => {
  calls.length = 0;
  vi.stubGlobal("document", { hidden: true });
});
afterEach(() => vi.unstubAllGlobals());

function makeChange() {
  const pictures = { original: picture("original"), upscaled: picture("upscaled") };
  const state = {
    ...{ showing: signal("original"), wantsToPlay: signal(true), isWaiting: signal(false) },
    ...{ isOffered: signal(false), muted: signal(false), volume: signal(1) },
  };
  const change = createFilmChange({
    pictures,
    state: state as unknown as PlaybackState,
    frameSeconds: () => 1 / 24,
    startPlaying: () => undefined,
    onShown: () => void calls.push(`${state.showing.peek()} is seen`),
    onFailed: () => void calls.push("failed"),
  });
  return { change, pictures };
}

it("a change that is given up leaves nothing playing behind the film that is seen", async () => {
  const { change } = makeChange();
  change.swapTo("upscaled");
  // A newer change to the same film goes on with what the older one has begun.
  change.jumpTo("upscaled", 5);
  await vi.waitFor(() => expect(calls).toEqual(["upscaled seeks", "upscaled seeks"]), {
    timeout: 60_000,
  });
  change.end();
  // Another one may begin at once.
  expect(change.isUnderWay()).toBe(false);
  await vi.waitFor(() => expect(calls.slice(2)).toEqual(["upscaled rests"]), { timeout: 60_000 });
});

it("a film that was just left and is gone back to at once is not put to rest meanwhile", async () => {
  vi.useFakeTimers();
  try {
    const { change, pictures } = makeChange();
    Object.assign(pictures.upscaled.video, READY);
    change.swapTo("upscaled");
    await vi.advanceTimersByTimeAsync(100);
    change.jumpTo("original", 0);
    await vi.advanceTimersByTimeAsync(1_000);
    Object.assign(pictures.original.video, READY);
    await vi.advanceTimersByTimeAsync(1_000);
    const seen = ["upscaled seeks", "upscaled is seen", "original seeks", "original is seen"];
    expect(calls).toEqual([...seen, "upscaled rests"]);
  } finally {
    vi.useRealTimers();
  }
});
