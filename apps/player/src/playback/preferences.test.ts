import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { preferences } from "./preferences.ts";

let kept: string | null = null;
let writes = 0;
beforeEach(() => {
  kept = null;
  writes = 0;
  vi.stubGlobal("localStorage", {
    getItem: () => kept,
    setItem: (_key: string, value: string) => {
      kept = value;
      writes += 1;
    },
  });
});
afterEach(() => vi.unstubAllGlobals());

/** A version of a film. */
const version = (id: string, film = id) => ({ id, film });
const placeIn = (watched: ReturnType<typeof version>): number =>
  preferences.placeOf(watched).seconds;
const places = () => preferences.read().places.map(([film, seconds]) => [film, seconds]);

it("keeps the place in a film, once a second, and begins it anew near its ends", () => {
  const [a, b] = [version("a"), version("b")];
  for (const seconds of [2, 14, 60, 60.2, 60.4, 61]) preferences.keepPlace(a, seconds, 600);
  preferences.keepPlace(b, 100, 600);
  expect([placeIn(a), placeIn(b), writes]).toEqual([61, 100, 3]);
  for (const seconds of [595, 596]) preferences.keepPlace(a, seconds, 600);
  expect([placeIn(a), placeIn(b), writes]).toEqual([0, 100, 4]);
});

it("the place is one of the film: its other version goes on there", () => {
  preferences.keepPlace(version("fast", "heat"), 60, 600);
  expect(placeIn(version("best", "heat"))).toBe(60);
  preferences.keepPlace(version("best", "heat"), 90, 600);
  expect(placeIn(version("fast", "heat"))).toBe(90);
  expect(places()).toEqual([["heat", 90]]);
});

it("a place that was kept for a stream goes over to its film, older than any other", () => {
  kept = JSON.stringify({ places: [["fast", 60]] });
  expect(preferences.placeOf(version("fast", "heat"))).toEqual({ seconds: 60, atMs: 0 });
  preferences.keepPlace(version("fast", "heat"), 61, 600);
  expect(places()).toEqual([["heat", 61]]);
});

it("knows when a film was left, also at its end", () => {
  const before = Date.now();
  preferences.keepPlace(version("a"), 598, 600);
  const { seconds, atMs } = preferences.placeOf(version("a"));
  expect([seconds, atMs >= before]).toEqual([0, true]);
});
