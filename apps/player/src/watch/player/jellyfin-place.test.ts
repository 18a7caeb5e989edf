import { signal } from "@preact/signals";
import type { FilmPlace } from "@upreel/core";
import { afterEach, beforeEach, expect, it, test, vi } from "vitest";
import { newerPlace, resumeFromJellyfin } from "./jellyfin-place.ts";

test.each([
  [{ seconds: 60, atMs: 1 }, { seconds: 600, at_ms: 2 }, 600],
  [{ seconds: 60, atMs: 3 }, { seconds: 600, at_ms: 2 }, undefined],
  [{ seconds: 0, atMs: 0 }, { seconds: 600, at_ms: 2 }, 600],
  // Seen to its end in Jellyfin.
  [{ seconds: 60, atMs: 1 }, { seconds: 0, at_ms: 2 }, 0],
  [{ seconds: 60, atMs: 1 }, { seconds: 70, at_ms: 2 }, undefined],
  [{ seconds: 60, atMs: 1 }, null, undefined],
] as const)("left at %j here and %j in Jellyfin: on at %s", (own, jellyfin, seconds) => {
  expect(newerPlace(own, jellyfin)).toBe(seconds);
});

let place: FilmPlace | null = null;
beforeEach(() => {
  vi.stubGlobal("document", { documentElement: { dataset: {} } });
  vi.stubGlobal("location", { href: "http://upreel/" });
  vi.stubGlobal("localStorage", { getItem: () => null });
  vi.stubGlobal("fetch", async () => Response.json({ place }));
});
afterEach(() => vi.unstubAllGlobals());

test.each([
  [0.4, [600]],
  // It took long to say, or the viewer has moved.
  [12, []],
  [300, []],
])("a film that is at %d s when Jellyfin has answered", async (position, resumed) => {
  place = { seconds: 600, at_ms: 2 };
  const calls: number[] = [];
  const player = { position: signal(position), resume: (to: number) => void calls.push(to) };
  await resumeFromJellyfin({ id: "one", film: "heat" }, player, new AbortController().signal);
  expect(calls).toEqual(resumed);
});

it("a film goes on as it is where nobody says anything", async () => {
  vi.stubGlobal("fetch", async () => new Response("no", { status: 401 }));
  const resume = (): never => {
    throw new Error("nowhere");
  };
  const player = { position: signal(0), resume };
  await resumeFromJellyfin({ id: "one", film: "heat" }, player, new AbortController().signal);
});
