import { expect, it } from "vitest";
import { dearestStage } from "./screens.ts";

it("the stage that takes most of the processor is named with its share", () => {
  const figures = { decodeMs: 2, networkMs: 3, encodeMs: 15 };
  expect(dearestStage(figures)).toBe("encode (75 %)");
  expect(dearestStage({ ...figures, networkMs: 30 })).toBe("network (64 %)");
});
