import type { ModelEntry } from "@upreel/core";
import { expect, it } from "vitest";
import { mergeTwins } from "./merge-twins.ts";

const model = (id: string, speed: number | null, origin = "built-in") =>
  ({ id, origin, megapixels_per_second: speed, loaded: false }) as ModelEntry;

it("the two number formats of a network are one model, with the figures of the faster one", () => {
  const merged = mergeTwins([
    model("net-fp32", 5),
    model("net-int8", 9),
    model("slow-fp32", 3),
    model("slow-int8", null),
    model("mine-int8", 1, "imported"),
  ]);
  expect(merged.map(({ id, megapixels_per_second: speed }) => [id, speed])).toEqual([
    ...[
      ["net", 9],
      ["slow", 3],
      ["mine-int8", 1],
    ],
  ]);
});
