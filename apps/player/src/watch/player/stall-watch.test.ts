import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createStallWatch } from "./stall-watch.ts";

beforeEach(() => vi.useFakeTimers({ toFake: ["performance"] }));
afterEach(() => vi.useRealTimers());

it("counts how long a film stands still that should play, with patience for a seek", () => {
  const video = { currentTime: 1, paused: false, ended: false, seeking: false };
  const watch = createStallWatch();
  const look = (): number => watch.look(video as HTMLVideoElement);
  expect(look()).toBe(0);
  vi.advanceTimersByTime(3_000);
  expect(look()).toBe(3);
  video.seeking = true;
  expect(look()).toBe(1);
  watch.noteMove();
  expect(look()).toBe(-2);
  video.seeking = false;
  vi.advanceTimersByTime(1_000);
  expect(look()).toBe(1);
  video.paused = true;
  expect(look()).toBe(0);
});
