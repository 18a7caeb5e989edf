import { expect, it } from "vitest";
import { keepSpeeds } from "./model-speeds.ts";
import type { ModelSpeeds } from "./worker-timings.ts";

function measured() {
  const waiting: ((speeds: ModelSpeeds) => void)[] = [];
  const keeper = keepSpeeds(() => new Promise((resolve) => void waiting.push(resolve)));
  return { keeper, waiting };
}

it("the first figures are waited for, later ones are not", async () => {
  const { keeper, waiting } = measured();
  expect(await keeper.current()).toEqual({});
  keeper.refresh();
  const first = keeper.current();
  expect(keeper.known()).toEqual({});
  waiting[0]?.({ a: 1 });
  expect(await first).toEqual({ a: 1 });
  keeper.refresh();
  expect(await keeper.current()).toEqual({ a: 1 });
});

it("figures that could not be had leave those that are known", async () => {
  const answers: (() => ModelSpeeds)[] = [
    () => ({ a: 1 }),
    () => {
      throw new Error("no such file");
    },
  ];
  const keeper = keepSpeeds(async () => answers.shift()?.() ?? {});
  keeper.refresh();
  await keeper.current();
  keeper.refresh();
  await expect.poll(() => answers.length).toBe(0);
  expect(await keeper.current()).toEqual({ a: 1 });
});

it("models that come while others are timed are timed after them, together", async () => {
  const { keeper, waiting } = measured();
  keeper.refresh();
  keeper.refresh();
  keeper.refresh();
  expect(waiting).toHaveLength(1);
  waiting[0]?.({ a: 1 });
  await expect.poll(() => waiting.length).toBe(2);
  waiting[1]?.({ a: 1, b: 2 });
  await expect.poll(() => keeper.known()).toEqual({ a: 1, b: 2 });
  expect(waiting).toHaveLength(2);
});
