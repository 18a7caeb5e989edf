import { describe, expect, it } from "vitest";
import { decide, neededLead, type Situation } from "./decide.ts";

const situation = (change: Partial<Situation> = {}): Situation => ({
  ...{ wish: "auto", showing: "original", hasOriginal: true, positionSeconds: 10 },
  ...{ durationSeconds: 100, state: "running", speed: 2, ready: [[0, 30]], stalledSeconds: 0 },
  ...{ upscaledFailed: false, fallbacks: 0, sinceFallbackSeconds: Infinity },
  ...change,
});

describe("from the original", () => {
  it("goes to the upscaled film when enough of it is ready ahead", () => {
    expect(decide(situation())).toBe("to_upscaled");
    expect(decide(situation({ ready: [[0, 12]] }))).toBe("stay");
    expect(decide(situation({ ready: [[0, 5]] }))).toBe("stay");
    expect(decide(situation({ ready: [[12, 90]] }))).toBe("stay");
  });
  it("asks for more where the upscale is slower than playing", () => {
    expect(neededLead(situation({ speed: 0.9, positionSeconds: 0 }))).toBeCloseTo(10);
    expect(decide(situation({ speed: 0.5 }))).toBe("stay");
    expect(decide(situation({ speed: 0.5, ready: [[0, 70]] }))).toBe("to_upscaled");
  });
  it("takes what is there of a paused one, not of one that waits for its turn", () => {
    expect(decide(situation({ state: "paused", speed: 0, ready: [[0, 20]] }))).toBe("to_upscaled");
    expect(decide(situation({ state: "queued", speed: 0, ready: [[0, 20]] }))).toBe("stay");
  });
  it("takes the last seconds, too, when they are all ready", () => {
    expect(decide(situation({ positionSeconds: 98, ready: [[90, 100]] }))).toBe("to_upscaled");
  });
  it("only offers it to who wants to be asked, and leaves alone who chose the original", () => {
    expect(decide(situation({ wish: "ask" }))).toBe("offer_upscaled");
    expect(decide(situation({ wish: "original" }))).toBe("stay");
  });
  it("follows who chose the upscaled film at once", () => {
    expect(decide(situation({ wish: "upscaled", ready: [] }))).toBe("to_upscaled");
  });
  it("tries again after a fallback, later each time and with more in hand", () => {
    const after = { fallbacks: 1, sinceFallbackSeconds: 4 };
    expect(decide(situation(after))).toBe("stay");
    expect(decide(situation({ ...after, sinceFallbackSeconds: 6 }))).toBe("to_upscaled");
    expect(decide(situation({ fallbacks: 2, sinceFallbackSeconds: 6 }))).toBe("stay");
    expect(decide(situation({ fallbacks: 3, sinceFallbackSeconds: 60 }))).toBe("stay");
  });
});

describe("from the upscaled film", () => {
  const upscaled = { showing: "upscaled" } as const;
  it("falls back when it stands still or fails", () => {
    expect(decide(situation(upscaled))).toBe("stay");
    expect(decide(situation({ ...upscaled, stalledSeconds: 1 }))).toBe("stay");
    expect(decide(situation({ ...upscaled, stalledSeconds: 2 }))).toBe("to_original");
    expect(decide(situation({ ...upscaled, upscaledFailed: true }))).toBe("to_original");
  });
  it("stays where it was chosen by hand, or where there is no original", () => {
    expect(decide(situation({ ...upscaled, wish: "upscaled", stalledSeconds: 20 }))).toBe("stay");
    expect(decide(situation({ ...upscaled, hasOriginal: false, stalledSeconds: 20 }))).toBe("stay");
  });
});
