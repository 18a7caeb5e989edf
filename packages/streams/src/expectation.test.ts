import { PLAIN_SCALER } from "@upreel/core";
import { describe, expect, it } from "vitest";
import { expectationOf, foresee, type ExpectationView } from "./expectation.ts";
import type { Ladder } from "./ports.ts";
import { NETWORK, timelineOf } from "./testing/films.ts";

const told = (speeds: readonly (number | undefined)[], change: Partial<ExpectationView> = {}) =>
  expectationOf({
    // 100 seconds of film.
    ...{ timeline: timelineOf(200), speeds, playheadSeconds: 0, leadSeconds: 0, isComplete: false },
    ...change,
  });

describe("what a viewer is told before he plays", () => {
  it("is nothing while nothing is known", () => {
    expect(told([1.5], { timeline: undefined }).advice).toBeUndefined();
    expect(told([]).advice).toBeUndefined();
    expect(told([undefined, 3]).advice).toBeUndefined();
  });

  it("is the speed of the best rung that keeps up, and no stall", () => {
    expect(told([0.7, 1.26, 5])).toMatchObject({
      ...{ expectedSpeed: 1.26, firstStallSeconds: undefined, advice: "upscaled" },
    });
  });

  it("is the first stall, and the original, when even the fastest rung is too slow", () => {
    expect(told([0.2, 0.8], { leadSeconds: 4 })).toEqual({
      ...{ expectedSpeed: 0.8, firstStallSeconds: 20, advice: "original" },
      adviceTold: { code: "advice_slow", values: { speed: 0.8, seconds: 20 } },
    });
    // Nobody begins before the first segment of half a second is there.
    expect(told([0.5]).firstStallSeconds).toBe(1);
  });

  it("does not count on the plain scaler, unless that is all that is wanted", () => {
    const made = { playheadSeconds: 0, leadSeconds: 0, isComplete: false };
    const plain = { rung: { model: PLAIN_SCALER, provider: "ffmpeg" }, expectedSpeed: 4 };
    const network = { rung: { model: NETWORK, provider: "cpu" }, expectedSpeed: 0.4 };
    const foreseen = (ladder: Ladder) => foresee({ timeline: timelineOf(200), ladder }, made);
    expect(foreseen([network, plain])).toMatchObject({ expectedSpeed: 0.4, advice: "original" });
    expect(foreseen([plain])).toMatchObject({ expectedSpeed: 4, advice: "upscaled" });
  });

  it("counts what is made already", () => {
    expect(told([0.8], { leadSeconds: 30 })).toMatchObject({
      ...{ expectedSpeed: 0.8, firstStallSeconds: undefined, advice: "upscaled" },
    });
    expect(told([0.1], { leadSeconds: 20, playheadSeconds: 80 }).advice).toBe("upscaled");
    expect(told([], { isComplete: true }).advice).toBe("upscaled");
  });
});
