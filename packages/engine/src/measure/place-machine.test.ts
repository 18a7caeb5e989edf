import type { ModelSpec, Rung } from "@upreel/core";
import { expect, it } from "vitest";
import { placeMachine } from "./place-machine.ts";

const network = (id: string): ModelSpec => ({
  ...{ id, file: `/${id}.onnx`, hash: id },
  ...{ kind: "luma", pixelFormat: "yuv444p", scale: Number(/-x([\d.]+)-/.exec(id)?.[1] ?? 2) },
});
const NETWORKS = [
  "upreel-x2-sharp16x4-50-int8",
  "upreel-x2-sharp16x4-50-fp32",
  "upreel-x2-sharp16x0-50-fp32",
  "upreel-x2-sharp16x0-50-int8",
  "upreel-x1.5-sharp16x0-50-int8",
  "upreel-x3-sharp16x0-50-int8",
  "upreel-x4-sharp16x4-50-fp32",
  "mine",
].map(network);

async function place(speeds: Readonly<Record<string, number | undefined>>) {
  const asked: Rung[] = [];
  const measured = await placeMachine(NETWORKS, {
    tileBytes: 2 ** 30,
    look: async (rungs) => {
      asked.push(...rungs);
      return rungs.map((rung) => {
        const megapixelsPerSecond = speeds[rung.model.id.endsWith("int8") ? "int8" : "fp32"];
        return {
          ...{ model: rung.model.id, provider: rung.provider },
          measurement:
            megapixelsPerSecond === undefined
              ? { outcome: "refused", reason: { code: "inference_failed", message: "no" } }
              : { outcome: "proven", megapixelsPerSecond, likenessDb: null, nodes: {} },
        };
      });
    },
  });
  const speedOf = (id: string): number | undefined => {
    const found = measured.find(({ model }) => model === id)?.measurement;
    return found?.outcome === "proven" ? found.megapixelsPerSecond : undefined;
  };
  return { asked, speedOf };
}

it("one network of each number format is looked at, the others follow by what they usually are", async () => {
  const { asked, speedOf } = await place({ int8: 32.55, fp32: 30.3 });
  expect(asked.map(({ model }) => model.id)).toEqual([
    "upreel-x2-sharp16x0-50-int8",
    "upreel-x2-sharp16x0-50-fp32",
  ]);
  // Half as fast as the machine of the table with one format, just as fast with the other.
  expect(speedOf("upreel-x2-sharp16x4-50-int8")).toBeCloseTo(5.25);
  expect(speedOf("upreel-x2-sharp16x4-50-fp32")).toBeCloseTo(5);
  expect(speedOf("upreel-x1.5-sharp16x0-50-int8")).toBeCloseTo(27.34, 1);
  expect(speedOf("upreel-x3-sharp16x0-50-int8")).toBeCloseTo(0.5 / (1 / 65.1 + 0.0243));
  expect(speedOf("upreel-x4-sharp16x4-50-fp32")).toBeCloseTo(1 / (1 / 5 + 0.0407));
  expect(speedOf("mine")).toBeUndefined();
});

it("a number format that fails here is left out", async () => {
  const { speedOf } = await place({ fp32: 10 });
  expect(speedOf("upreel-x2-sharp16x4-50-int8")).toBeUndefined();
  expect(speedOf("upreel-x2-sharp16x0-50-fp32")).toBeCloseTo(10);
});
