import { signal } from "@preact/signals";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { PictureKind } from "./decide.ts";
import { createFilmChange } from "./film-change.ts";
import type { Picture } from "./picture.ts";
import type { PlaybackState } from "./playback-state.ts";

const calls: string[] = [];
/** A film that never gets ready. */
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

it("a change that is given up leaves nothing playing behind the film that is seen", async () => {
  const state = {
    showing: signal("original"),
    wantsToPlay: signal(true),
    isWaiting: signal(false),
  };
  const change = createFilmChange({
    pictures: { original: picture("original"), upscaled: picture("upscaled") },
    state: state as unknown as PlaybackState,
    frameSeconds: () => 1 / 24,
    startPlaying: () => undefined,
    onShown: () => undefined,
    onFailed: () => void calls.push("failed"),
  });
  change.swapTo("upscaled");
  // A newer change to the same film goes on with what the older one has begun.
  change.jumpTo("upscaled", 5);
  await vi.waitFor(() => expect(calls).toEqual(["upscaled seeks", "upscaled seeks"]), {
    timeout: 60_000,
  });
  change.end();
  await vi.waitFor(() => expect(calls.slice(2)).toEqual(["upscaled rests"]), { timeout: 60_000 });
  expect(change.isUnderWay()).toBe(false);
});
