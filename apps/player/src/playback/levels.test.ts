import type Hls from "hls.js";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createLevels, levelOf } from "./levels.ts";
import { preferences } from "./preferences.ts";

beforeEach(() => {
  const kept = new Map<string, string>();
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  });
});
afterEach(() => vi.unstubAllGlobals());

/** As much of hls.js as is used. */
function fakeHls(heights: readonly (number | "lean")[], { lines = 1080, isMade = true } = {}) {
  const listeners = new Map<string, () => void>();
  /** What hls.js would play by the line. */
  class ByLine {
    nextAutoLevel_ = -1;
    get nextAutoLevel(): number {
      return this.nextAutoLevel_;
    }
    set nextAutoLevel(index) {
      this.nextAutoLevel_ = index;
    }
  }
  const hls = Object.assign(new ByLine(), {
    levels: heights.map((height) =>
      height === "lean"
        ? {
            ...{ height: lines, averageBitrate: 1, attrs: isMade ? {} : { "X-WAITED-FOR": "YES" } },
            uri: `http://here/hls/id/lower/${lines}p-lean/x`,
          }
        : {
            height,
            averageBitrate: 800 * height,
            attrs: {},
            uri: "http://here/hls/id/stream.m3u8",
          },
    ),
    nextLevel: -2,
    autoLevelCapping: -1,
    on: (event: string, listener: () => void) => void listeners.set(event, listener),
  });
  const Events = { MANIFEST_PARSED: "parsed", DESTROYING: "destroying" };
  return {
    hls,
    emit: (event: string) => listeners.get(event)?.(),
    parts: [hls, { Events }] as unknown as [Hls, typeof Hls],
  };
}

it("plays the best quality until another one is chosen, or what the line allows", () => {
  const film = createLevels();
  const { hls, parts, emit } = fakeHls([360, 480, 1080]);
  film.follow(...parts);
  emit("parsed");
  expect(film.levels.value.map(({ lines }) => lines)).toEqual([1080, 480, 360]);
  expect(film.levels.value[0]?.bitsPerSecond).toBe(864_000);
  expect([film.level.value, hls.nextLevel]).toEqual(["best", 2]);
  film.chooseLevel(480);
  expect(hls.nextLevel).toBe(1);
  film.chooseLevel("line");
  expect(hls.nextLevel).toBe(-1);
});

it("leaves hls.js nothing beside the chosen quality, which errors do not move it from", () => {
  const film = createLevels();
  const { hls, parts, emit } = fakeHls([360, 480, 1080]);
  const bounds = () => [(hls as { minAutoLevel?: number }).minAutoLevel, hls.autoLevelCapping];
  film.follow(...parts);
  emit("parsed");
  expect(bounds()).toEqual([2, 2]);
  film.chooseLevel(480);
  expect(bounds()).toEqual([1, 1]);
  film.chooseLevel("line");
  // hls.js's own bound again.
  expect(bounds()).toEqual([undefined, -1]);
});

it("leaves a film of one quality to hls.js, and keeps the choice for the next hls.js", () => {
  const film = createLevels();
  const one = fakeHls([720]);
  film.follow(...one.parts);
  one.emit("parsed");
  expect([film.level.value, one.hls.nextLevel]).toEqual(["best", -2]);
  const more = fakeHls([360, 720]);
  preferences.keepQuality(360);
  film.follow(...more.parts);
  more.emit("parsed");
  expect(more.hls.nextLevel).toBe(0);
  more.emit("destroying");
  film.chooseLevel("best");
  expect(more.hls.nextLevel).toBe(0);
});

it("what was chosen is kept for the next film, which may not have it", () => {
  const film = createLevels();
  const { parts, emit } = fakeHls([360, 480, 1080]);
  film.follow(...parts);
  emit("parsed");
  film.chooseLevel(480);
  const next = createLevels();
  const other = fakeHls([360, 576, 1080]);
  next.follow(...other.parts);
  other.emit("parsed");
  expect([next.level.value, other.hls.nextLevel]).toEqual([360, 0]);
  film.chooseLevel("best");
  expect(preferences.read().quality).toBe("best");
});

it("has the best picture at fewer bits, too, and plays that of the next film that has it", () => {
  const film = createLevels();
  // hls.js sorts by the rate where the lines are the same.
  const { hls, parts, emit } = fakeHls([480, "lean", 1080]);
  film.follow(...parts);
  emit("parsed");
  expect(film.levels.value.map(({ quality }) => quality)).toEqual(["best", "lean", 480]);
  film.chooseLevel("lean");
  expect(hls.nextLevel).toBe(1);
  const nextOf = (heights: Parameters<typeof fakeHls>[0]) => {
    const next = createLevels();
    const other = fakeHls(heights);
    next.follow(...other.parts);
    other.emit("parsed");
    return [next.level.value, other.hls.nextLevel];
  };
  expect(nextOf(["lean", 360, 1080])).toEqual(["lean", 0]);
  expect(nextOf([360, 1080])).toEqual(["best", 1]);
  // Where a rate is the bound, it may be the best that there is.
  expect(nextOf([360, "lean"])).toEqual(["lean", 1]);
});

it("plays fewer bits while the film is being made only if they are chosen, not because of the line", () => {
  const film = createLevels();
  const { hls, parts, emit } = fakeHls([360, 480, "lean", 1080], { isMade: false });
  preferences.keepQuality("lean");
  film.follow(...parts);
  emit("parsed");
  expect([film.level.value, hls.nextLevel]).toEqual(["lean", 2]);
  film.chooseLevel("line");
  expect(hls.nextLevel).toBe(-1);
  for (const [told, taken] of [
    [3, 3],
    [2, 1],
    [0, 0],
  ] as const) {
    hls.nextAutoLevel = told;
    expect([hls.nextAutoLevel, hls.nextAutoLevel_]).toEqual([taken, taken]);
    // What it comes to by itself.
    hls.nextAutoLevel_ = told;
    expect(hls.nextAutoLevel).toBe(taken);
  }
  const made = fakeHls([360, "lean", 1080]);
  createLevels().follow(...made.parts);
  made.hls.nextAutoLevel = 1;
  expect(made.hls.nextAutoLevel).toBe(1);
  // Nothing is below it.
  const alone = fakeHls(["lean", 1080], { isMade: false });
  createLevels().follow(...alone.parts);
  alone.hls.nextAutoLevel = 0;
  expect(alone.hls.nextAutoLevel).toBe(0);
});

it.each([
  ["best", "best"],
  ["lean", "lean"],
  ["line", "line"],
  [480, 480],
  [700, 480],
  [144, 360],
  [2160, "best"],
] as const)("%s is %s of a film in 1080, 480 and 360", (quality, chosen) => {
  const levels = [
    ...([
      { quality: "best", lines: 1080 },
      { quality: "lean", lines: 1080 },
    ] as const),
    ...[480, 360].map((lines) => ({ quality: lines, lines })),
  ];
  expect(levelOf(quality, levels)).toBe(chosen);
});
