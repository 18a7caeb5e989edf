import { PLAIN_SCALER } from "@upreel/core";
import { expect, it } from "vitest";
import { createRungs } from "./rungs.ts";

const model = { ...PLAIN_SCALER, id: "net" };

it("says what failed, and where, when only the plain scaler is left", () => {
  const rungs = createRungs(true);
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
