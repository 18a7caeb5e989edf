import { expect, it } from "vitest";
import { parseItemId } from "./item-id.ts";

it.each([
  ["eb98cfb8-7c52-19a7-fb08-29fa56ca23f4", "eb98cfb87c5219a7fb0829fa56ca23f4"],
  ["EB98CFB87C5219A7FB0829FA56CA23F4", "eb98cfb87c5219a7fb0829fa56ca23f4"],
  [" eb98cfb87c5219a7fb0829fa56ca23f4\n", "eb98cfb87c5219a7fb0829fa56ca23f4"],
  ["eb98cfb87c5219a7fb0829fa56ca23f", undefined],
  ["/films/a.mkv", undefined],
  ["", undefined],
])("the id %j is %j", (text, id) => {
  expect(parseItemId(text)).toBe(id);
});
