import { PLAIN_SCALER, tell, told } from "@upreel/core";
import { expect, it } from "vitest";
import { nextLevel } from "./next-level.ts";
import { isLowerIn, levelFor, sustainedLevel } from "./levels.ts";
import { fallBack, noRungs, rungAt, rungsAt, withLadder, withoutRung, withSpeed } from "./rungs.ts";
import { NETWORK } from "./testing/films.ts";

const model = { ...NETWORK, id: "net" };

it("says what failed, and where, when only the plain scaler is left", () => {
  const rung = { model, provider: "webgpu", why: [told("rung_best_live")] };
  const plain = { model: PLAIN_SCALER, provider: "ffmpeg", why: [told("rung_none_fast")] };
  const ladder = [
    { rung, expectedSpeed: 3 },
    { rung: plain, expectedSpeed: 9 },
  ];
  const rungs = withLadder(noRungs(true), ladder, 0);
  expect(rungAt(rungs, levelFor(rungs, true, 0))).toEqual(rung);
  const fallen = fallBack(rungs, rung, {
    ...{ code: "out_of_memory", message: "no memory left", got: "VK_ERROR" },
  });
  const last = rungAt(fallen, levelFor(fallen, true, 0));
  expect([last?.provider, tell(...(last?.why ?? []))]).toEqual([
    ...["ffmpeg", "net failed on webgpu: no memory left (VK_ERROR)"],
  ]);
});

it("makes by a network what nobody waits for, at any speed, but makes nothing again for days", () => {
  const plain = { rung: { model: PLAIN_SCALER, provider: "ffmpeg" }, expectedSpeed: 0.9 };
  const withNetwork = (expectedSpeed: number) =>
    withLadder(
      noRungs(true),
      [{ rung: { model: NETWORK, provider: "cpu" }, expectedSpeed }, plain],
      0,
    );
  const slow = withNetwork(0.1);
  expect(levelFor(slow, false, 0)).toBe(0);
  expect(isLowerIn(slow, 0)(PLAIN_SCALER.id)).toBe(false);
  expect(isLowerIn(withNetwork(0.3), 0)(PLAIN_SCALER.id)).toBe(true);
});

it("does not come back to a model that cannot be loaded, though it was asked for by name", () => {
  const ladder = ["named", "next"].map((id) => ({
    ...{ rung: { model: { ...NETWORK, id }, provider: "cpu" }, expectedSpeed: 3 },
  }));
  const all = withLadder(noRungs(false), ladder, 0);
  const rungs = withoutRung(all, { model: "named", provider: "cpu" }, undefined);
  expect([true, false].map((hasViewer) => levelFor(rungs, hasViewer, 0))).toEqual([1, 1]);
  expect(isLowerIn(rungs, 0)("next")).toBe(false);
  const atWork = { level: 1, leadSeconds: 20, hasViewer: false, isWarm: true, isOpening: false };
  expect(nextLevel(withSpeed(rungs, 1, 3, 0), atWork, 20_000).next).toBe(1);
});

it("what one machine cannot load is missing there, and nowhere else", () => {
  const ladder = ["best", "next"].map((id) => ({
    ...{ rung: { model: { ...NETWORK, id }, provider: "cpu" }, expectedSpeed: 3 },
  }));
  const all = withLadder(noRungs(true), ladder, 0);
  const rungs = withoutRung(all, { model: "best", provider: "cpu" }, "farm:a");
  const levelAt = (place: string | undefined) =>
    [true, false].map((hasViewer) => levelFor(rungsAt(rungs, place), hasViewer, 0));
  expect(levelAt("farm:a")).toEqual([1, 1]);
  expect(sustainedLevel(rungsAt(rungs, "farm:a"), 0)).toBe(1);
  expect(levelAt("farm:b")).toEqual([0, 0]);
  expect(levelAt(undefined)).toEqual([0, 0]);
  expect(isLowerIn(rungs, 0)("next")).toBe(true);
});
