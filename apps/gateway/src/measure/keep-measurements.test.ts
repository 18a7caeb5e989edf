import type { RungMeasurement } from "@upreel/core";
import { expect, it } from "vitest";
import { keepMeasurements } from "./keep-measurements.ts";

const of = (...models: string[]): RungMeasurement[] =>
  models.map((model) => ({
    ...{ model, provider: "cpu" },
    measurement: { outcome: "proven", megapixelsPerSecond: 1, likenessDb: null, nodes: {} },
  }));

function measured() {
  const waiting: ((measured: RungMeasurement[]) => void)[] = [];
  const keeper = keepMeasurements(() => new Promise((resolve) => void waiting.push(resolve)));
  return { keeper, waiting };
}

it("the first figures are waited for, later ones are not", async () => {
  const { keeper, waiting } = measured();
  expect(await keeper.current()).toEqual([]);
  keeper.refresh();
  const first = keeper.current();
  expect(keeper.known()).toEqual([]);
  waiting[0]?.(of("a"));
  expect(await first).toEqual(of("a"));
  keeper.refresh();
  expect(await keeper.current()).toEqual(of("a"));
});

it("figures that could not be had leave those that are known", async () => {
  const answers: (() => RungMeasurement[])[] = [
    () => of("a"),
    () => {
      throw new Error("no such file");
    },
  ];
  const keeper = keepMeasurements(async () => answers.shift()?.() ?? []);
  keeper.refresh();
  await keeper.current();
  keeper.refresh();
  await expect.poll(() => answers.length).toBe(0);
  expect(await keeper.current()).toEqual(of("a"));
});

it("models that come while others are timed are timed after them, together", async () => {
  const { keeper, waiting } = measured();
  keeper.refresh();
  keeper.refresh();
  keeper.refresh();
  expect(waiting).toHaveLength(1);
  waiting[0]?.(of("a"));
  await expect.poll(() => waiting.length).toBe(2);
  waiting[1]?.(of("a", "b"));
  await expect.poll(() => keeper.known()).toEqual(of("a", "b"));
  expect(waiting).toHaveLength(2);
});
