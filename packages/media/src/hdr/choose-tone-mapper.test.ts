import { expect, test } from "vitest";
import { isWorthIt } from "./choose-tone-mapper.ts";

const cost = (processorMs: number, wallMs: number) => ({ processorMs, wallMs });

test("a GPU is worth it where it saves the processor work and no picture comes later", () => {
  const table = cost(23, 12);
  expect(isWorthIt(cost(12, 9), table)).toBe(true);
  // Within what two runs of the same differ by.
  expect(isWorthIt(cost(22, 9), table)).toBe(false);
  expect(isWorthIt(cost(12, 15), table)).toBe(false);
  // A driver in software, whatever it calls itself.
  expect(isWorthIt(cost(192, 100), table)).toBe(false);
});
