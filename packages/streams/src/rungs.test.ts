import { PLAIN_SCALER } from "@upreel/core";
import { makeManualClock } from "@upreel/testkit";
import { expect, it } from "vitest";
import { createRungs } from "./rungs.ts";
import { NETWORK } from "./testing/films.ts";

const model = { ...PLAIN_SCALER, id: "net" };

it("says what failed, and where, when only the plain scaler is left", () => {
  const rungs = createRungs(true, makeManualClock());
  const rung = { model, provider: "webgpu", why: "fast" };
  rungs.set([
    { rung, expectedSpeed: 3 },
    {
      rung: { model: PLAIN_SCALER, provider: "ffmpeg", why: "no network keeps up" },
      expectedSpeed: 9,
    },
  ]);
  expect(rungs.rungAt(rungs.levelFor(true))).toEqual(rung);
  rungs.fallBack(rung, { code: "out_of_memory", message: "no memory left", got: "VK_ERROR" });
  expect(rungs.rungAt(rungs.levelFor(true))).toMatchObject({
    ...{ provider: "ffmpeg", why: "net failed on webgpu: no memory left (VK_ERROR)" },
  });
});

it("makes by a network what nobody waits for, at any speed, but makes nothing again for days", () => {
  const rungs = createRungs(true, makeManualClock());
  const plain = { rung: { model: PLAIN_SCALER, provider: "ffmpeg" }, expectedSpeed: 0.9 };
  rungs.set([{ rung: { model: NETWORK, provider: "cpu" }, expectedSpeed: 0.1 }, plain]);
  expect(rungs.levelFor(false)).toBe(0);
  expect(rungs.isLower(PLAIN_SCALER.id)).toBe(false);
  rungs.set([{ rung: { model: NETWORK, provider: "cpu" }, expectedSpeed: 0.3 }, plain]);
  expect(rungs.isLower(PLAIN_SCALER.id)).toBe(true);
});
