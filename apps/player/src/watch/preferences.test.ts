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

it("keeps the place in a film, once a second, and forgets it near its ends", () => {
  for (const seconds of [2, 14, 60, 60.2, 60.4, 61]) preferences.keepPlace("a", seconds, 600);
  preferences.keepPlace("b", 100, 600);
  expect([preferences.placeIn("a"), preferences.placeIn("b"), writes]).toEqual([61, 100, 3]);
  preferences.keepPlace("a", 595, 600);
  expect([preferences.placeIn("a"), preferences.placeIn("b")]).toEqual([0, 100]);
});
