import { expect, test } from "vitest";
import { wordsOfModel } from "./name-of-model.ts";

test.each([
  ["upreel-x2-live16x0-int8", "Fastest", "stays closest to the original"],
  ["upreel-x2-sharp16x4-50-fp32", "Best", "sharper edges"],
  ["upreel-x2-worn16x1-int8", "Fast, old codecs", "removes the blocks of old codecs"],
  ["upreel-x1.5-sharp16x2-35-int8", "Balanced (×1.5)", "sharper edges"],
  ["upreel-x2-clean32x6-int8", "Clean, best", "without compression"],
  ["lanczos", "Enlarged only", "last resort"],
])("%s is called %s", (id, name, goodAt) => {
  const words = wordsOfModel(id);
  expect([words.name, words.goodAt]).toEqual([name, expect.stringContaining(goodAt)]);
});

test("a model that is not built in keeps its own name", () => {
  expect(wordsOfModel("realesr-animevideov3")).toEqual({
    name: "realesr-animevideov3",
    goodAt: null,
  });
});
