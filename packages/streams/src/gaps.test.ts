import { describe, expect, it } from "vitest";
import type { Timeline } from "@upreel/core";
import { contiguousEnd, framesReady, nextGap } from "./gaps.ts";
import { timelineOf } from "./testing/films.ts";

const TEN = timelineOf(10);
const SHORT_END = { ...TEN, frameCount: 113 };

const gapIn = (ready: ReadonlySet<number>, timeline: Timeline, wanted?: number) =>
  nextGap((k) => ready.has(k), timeline, wanted);

describe("the next gap of a film", () => {
  it("is the whole film at first", () => {
    expect(gapIn(new Set(), TEN)).toEqual({ from: 0, to: 10 });
  });
  it("begins where the viewer is and ends at finished work", () => {
    expect(gapIn(new Set([7]), TEN, 4)).toEqual({ from: 4, to: 7 });
    expect(gapIn(new Set([4, 5, 9]), TEN, 4)).toEqual({ from: 6, to: 9 });
  });
  it("is the first one when nothing is missing from the viewer on", () => {
    expect(gapIn(new Set([0, 5, 6, 7, 8, 9]), TEN, 5)).toEqual({ from: 1, to: 5 });
  });
  it("is there for wishes outside the film", () => {
    expect(gapIn(new Set([0]), TEN, 99)).toEqual({ from: 1, to: 10 });
    expect(gapIn(new Set([0]), TEN, -1)).toEqual({ from: 1, to: 10 });
  });
  it("is none when the film is complete", () => {
    expect(gapIn(new Set(Array.from({ length: 10 }, (_, k) => k)), TEN, 3)).toBeUndefined();
  });
});

describe("counting what is ready", () => {
  it("counts the short last segment as short, and nothing beyond the film", () => {
    expect(framesReady(new Set([0, 9, 10]), SHORT_END)).toBe(12 + 5);
  });
  it("finds where an unbroken stretch ends", () => {
    expect(contiguousEnd(new Set([2, 3, 5]), TEN, 2)).toBe(4);
    expect(contiguousEnd(new Set([2, 3, 5]), TEN, 0)).toBe(0);
    expect(contiguousEnd(new Set([9]), TEN, 9)).toBe(10);
  });
});
