import { UpreelError } from "@upreel/core";
import { expect, it } from "vitest";
import { adaptModel } from "./adapt-model.ts";
import { describeModel } from "./describe/describe-model.ts";
import type { ModelFacts } from "./model-facts.ts";
import { enlarger, enlargingTensor, halfTensor, tinyModel } from "./testing/tiny-models.ts";

const FACTS: ModelFacts = {
  scale: 2,
  trim: 1,
  trimEnd: 1,
  range: 1,
  order: "rgb",
  multiple: 4,
  remainder: 0,
  minimum: 8,
  isFreed: true,
};

/** Numbers below `limit`, the same in every run (a linear congruential generator). */
function createDice(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

it("accepts a damaged file or refuses it as unusable, whichever bits are flipped", () => {
  const originals = [
    tinyModel(enlarger(3)),
    tinyModel(enlarger(1, { opset: 6, irVersion: 3 })),
    tinyModel(enlarger(3, { weights: [halfTensor(enlargingTensor(3))] })),
  ];
  const dice = createDice(1);
  for (let round = 0; round < 3000; round++) {
    const bytes = new Uint8Array(originals[dice(originals.length)] ?? []);
    for (let flips = 1 + dice(3); flips > 0; flips--) {
      const at = dice(bytes.length);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << dice(8));
    }
    try {
      adaptModel(bytes, describeModel(bytes), FACTS, { computeType: "float32" });
    } catch (error) {
      if (!(error instanceof UpreelError)) throw error;
      expect(error.code).toBe("model_unusable");
    }
  }
});
