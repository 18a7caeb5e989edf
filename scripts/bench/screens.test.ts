import { expect, it } from "vitest";
import { heldUpBy } from "./screens.ts";

it("the stage that takes most of the processor is what holds a run up", () => {
  const figures = { fps: 1, decodeMs: 2, networkMs: 3, encodeMs: 15 };
  expect(heldUpBy(figures)).toBe("encode (75 %)");
  expect(heldUpBy({ ...figures, networkMs: 30 })).toBe("network (64 %)");
});
