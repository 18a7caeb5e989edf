import type { RungMeasurement } from "@upreel/core";
import { expect, it } from "vitest";
import { keepMeasurements } from "./keep-measurements.ts";

const of = (...models: string[]): RungMeasurement[] =>
  models.map((model) => ({
    ...{ model, provider: "cpu" },
    measurement: { outcome: "proven", megapixelsPerSecond: 1, likenessDb: null, nodes: {} },
  }));

const untilIdle = (): Promise<void> => Promise.resolve();

function measured() {
  const waiting: ((measured: RungMeasurement[]) => void)[] = [];
  const keeper = keepMeasurements({
    measure: () => new Promise((resolve) => void waiting.push(resolve)),
    untilIdle,
  });
  return { keeper, waiting };
}

it("the first figures are waited for, later ones are not", async () => {
  const { keeper, waiting } = measured();
  expect(await keeper.current()).toEqual([]);
  keeper.refresh();
  const first = keeper.current();
  expect(keeper.known()).toEqual([]);
  await expect.poll(() => waiting.length).toBe(1);
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
  const keeper = keepMeasurements({ measure: async () => answers.shift()?.() ?? [], untilIdle });
  keeper.refresh();
  await keeper.current();
  keeper.refresh();
  await expect.poll(() => answers.length).toBe(0);
  expect(await keeper.current()).toEqual(of("a"));
});

it("models that come while others are timed are timed after them, together", async () => {
  const { keeper, waiting } = measured();
  keeper.refresh();
  await expect.poll(() => waiting.length).toBe(1);
  keeper.refresh();
  keeper.refresh();
  waiting[0]?.(of("a"));
  await expect.poll(() => waiting.length).toBe(2);
  waiting[1]?.(of("a", "b"));
  await expect.poll(() => keeper.known()).toEqual(of("a", "b"));
  expect(waiting).toHaveLength(2);
});

it("a benchmark measures again what is known, when no film runs, and tells how far it is", async () => {
  const orders: boolean[] = [];
  const { promise: isIdle, resolve: idle } = Promise.withResolvers<void>();
  const keeper = keepMeasurements({
    measure: async ({ again, onMeasured }) => {
      orders.push(again);
      onMeasured(1, 2);
      return of("a", "b");
    },
    untilIdle: () => isIdle,
  });
  const states: string[] = [];
  keeper.onProgress(() => states.push(`${keeper.progress().state} ${keeper.progress().done}`));
  keeper.measureAgain();
  keeper.refresh();
  expect(keeper.progress()).toMatchObject({ state: "waiting" });
  idle();
  await expect.poll(() => keeper.progress().state).toBe("idle");
  expect(orders).toEqual([true]);
  expect(states).toEqual(["waiting 0", "running 0", "running 1", "idle 1"]);
});

it("what is known at once counts until the rest is measured, which gives way to films", async () => {
  const orders: boolean[] = [];
  const results = ["interrupted", of("a", "b")] as const;
  const { promise: isIdle, resolve: idle } = Promise.withResolvers<void>();
  const keeper = keepMeasurements({
    first: async () => of("a"),
    measure: async ({ again }) => results[orders.push(again) - 1] ?? [],
    untilIdle: () => isIdle,
  });
  keeper.refresh();
  expect(await keeper.current()).toEqual(of("a"));
  expect(orders).toEqual([]);
  idle();
  await expect.poll(() => keeper.known()).toEqual(of("a", "b"));
  expect(orders).toEqual([false, false]);
});

it("measures nothing that waited for its time when it was closed", async () => {
  const quiet = Promise.withResolvers<void>();
  const measured: string[] = [];
  const keeper = keepMeasurements({
    untilIdle: () => quiet.promise,
    measure: async () => {
      measured.push("all");
      return of("a");
    },
  });
  keeper.refresh();
  const figures = keeper.current();
  await keeper.close();
  quiet.resolve();
  expect(await figures).toEqual([]);
  keeper.measureAgain();
  keeper.refresh();
  for (let turn = 0; turn < 10; turn += 1) await new Promise(setImmediate);
  expect(measured).toEqual([]);
});
