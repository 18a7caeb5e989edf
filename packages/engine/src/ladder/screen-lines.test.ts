import type { RungMeasurement } from "@upreel/core";
import { expect, it } from "vitest";
import { screenLines } from "./screen-lines.ts";

const measured = (provider: string, megapixelsPerSecond: number, model = "net-fp32") => ({
  ...{ model, provider },
  measurement: { outcome: "proven", megapixelsPerSecond, likenessDb: 60, nodes: {} } as const,
});

it.each<[number, string, readonly RungMeasurement[], number]>([
  [1080, "nothing is measured", [], 16],
  [1080, "there is no GPU, however fast the processor", [measured("cpu", 900)], 64],
  [2160, "a GPU doubles 1080 lines live", [measured("cuda", 400)], 16],
  [1080, "the GPU is too slow for that", [measured("webgpu", 40)], 16],
  [1080, "two cores cannot encode it", [measured("cuda", 400)], 2],
  [1080, "another network is fast", [measured("cuda", 400, "mine")], 16],
])("films are made for %i lines where %s", (lines, _why, measurements, cores) => {
  expect(screenLines(measurements, ["net"], cores)).toBe(lines);
});
