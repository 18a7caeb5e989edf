import { signal } from "@preact/signals";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Player } from "./player-controls.ts";
import { reportPlayhead } from "./report-playhead.ts";

const told: unknown[] = [];

beforeEach(() => {
  told.length = 0;
  vi.useFakeTimers();
  const documentElement = { dataset: { root: "http://upreel/" } };
  vi.stubGlobal("document", { documentElement });
  vi.stubGlobal("location", { href: "http://upreel/" });
  vi.stubGlobal("addEventListener", () => undefined);
  vi.stubGlobal("removeEventListener", () => undefined);
  vi.stubGlobal("fetch", async (_: string, { body }: { body: string }) => {
    const { viewer: _viewer, ...rest } = JSON.parse(body) as Record<string, unknown>;
    told.push(rest);
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it("tells at once which film is played: who sees the original waits for nothing, unless by hand", () => {
  const player = {
    ...{ position: signal(10), wantsToPlay: signal(true) },
    ...{ showing: signal("original"), wish: signal("auto") },
  };
  const end = new AbortController();
  reportPlayhead("one", player as unknown as Player, end.signal);
  player.position.value = 11;
  player.showing.value = "upscaled";
  player.showing.value = "original";
  player.wish.value = "upscaled";
  end.abort();
  expect(told).toEqual([
    { seconds: 10, paused: false, plays: "original" },
    { seconds: 11, paused: false, plays: "stream" },
    { seconds: 11, paused: false, plays: "original" },
    { seconds: 11, paused: false, plays: "stream" },
  ]);
});
