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

it("keeps the place in a film, once a second, and forgets it near its ends", () => {
  const [a, b] = [version("a"), version("b")];
  for (const seconds of [2, 14, 60, 60.2, 60.4, 61]) preferences.keepPlace(a, seconds, 600);
  preferences.keepPlace(b, 100, 600);
  expect([preferences.placeIn(a), preferences.placeIn(b), writes]).toEqual([61, 100, 3]);
  preferences.keepPlace(a, 595, 600);
  expect([preferences.placeIn(a), preferences.placeIn(b)]).toEqual([0, 100]);
});

it("the place is one of the film: its other version goes on there", () => {
  preferences.keepPlace(version("fast", "heat"), 60, 600);
  expect(preferences.placeIn(version("best", "heat"))).toBe(60);
  preferences.keepPlace(version("best", "heat"), 90, 600);
  expect(preferences.placeIn(version("fast", "heat"))).toBe(90);
  expect(preferences.read().places).toEqual([["heat", 90]]);
});

it("a place that was kept for a stream goes over to its film", () => {
  kept = JSON.stringify({ places: [["fast", 60]] });
  expect(preferences.placeIn(version("fast", "heat"))).toBe(60);
  preferences.keepPlace(version("fast", "heat"), 61, 600);
  expect(preferences.read().places).toEqual([["heat", 61]]);
});
