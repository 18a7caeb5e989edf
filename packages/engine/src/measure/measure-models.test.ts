import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ModelSpec, Provider, RungMeasurement } from "@upreel/core";
import { makeRecordingLog, makeTempFolder } from "@upreel/testkit";
import type { MeasureTask } from "@upreel/workers";
import { expect, it } from "vitest";
import type { GpuFacts } from "../hardware/gpu-facts.ts";
import { knownMeasurements } from "./known-measurements.ts";
import { measureModels } from "./measure-models.ts";

const NO_GPU: GpuFacts = {
  ...{ gpus: [], vulkanDrivers: [], nvidiaDriver: undefined, runtimeFiles: [] },
  ...{ platform: "linux", hasVulkanLoader: false, hasLibcuda: false, isContainer: false },
};
const IDS = ["upreel-x2-sharp16x1-50-int8", "upreel-x2-worn16x1-int8", "upreel-x2-worn16x2-int8"];

async function setUp() {
  const folder = await makeTempFolder();
  const networks = await Promise.all(
    IDS.map(async (id): Promise<ModelSpec> => {
      const file = join(folder.path, `${id}.onnx`);
      await writeFile(file, id);
      return { ...{ id, file, hash: id, kind: "luma", pixelFormat: "yuv444p", scale: 2 } };
    }),
  );
  const tried: string[] = [];
  const stop = new AbortController();
  const parts = {
    ...{ file: join(folder.path, "measured.json"), gpus: NO_GPU },
    providers: ["cpu"] satisfies Provider[],
    ...{ tileBytes: 2 ** 30, isByMeasuring: true, log: makeRecordingLog() },
    async *measure(tasks: readonly MeasureTask[]): AsyncGenerator<RungMeasurement> {
      for (const { rung } of tasks) {
        stop.signal.throwIfAborted();
        tried.push(rung.model.id);
        yield {
          ...{ model: rung.model.id, provider: "cpu" },
          measurement: {
            ...{ outcome: "proven", megapixelsPerSecond: tried.length, likenessDb: 60, nodes: {} },
          },
        };
      }
    },
  } as const;
  return { folder, networks, tried, stop, parts };
}
const speeds = (measured: readonly RungMeasurement[]): Record<string, number> =>
  Object.fromEntries(
    measured.flatMap(({ model, measurement }) =>
      measurement.outcome === "proven" ? [[model, measurement.megapixelsPerSecond]] : [],
    ),
  );

it("one network is timed for all of its shape, whatever they were trained for", async () => {
  const { folder, networks, tried, stop, parts } = await setUp();
  await using _folder = folder;
  const measured = speeds(await measureModels(networks, parts, stop.signal));
  expect(tried).toHaveLength(2);
  expect(Object.keys(measured).toSorted()).toEqual(IDS.toSorted());
  expect(measured[IDS[0] ?? ""]).toBe(measured[IDS[1] ?? ""]);
  expect(measured[IDS[2] ?? ""]).not.toBe(measured[IDS[1] ?? ""]);
  // All of it is known the next time.
  expect(speeds(await knownMeasurements(networks, parts))).toEqual(measured);
});

it("whoever is interrupted keeps what was timed, and times the rest the next time", async () => {
  const { folder, networks, tried, stop, parts } = await setUp();
  await using _folder = folder;
  const onMeasured = (done: number): void => {
    if (done === 1) stop.abort();
  };
  await expect(measureModels(networks, { ...parts, onMeasured }, stop.signal)).rejects.toThrow();
  const before = tried.length;
  expect(Object.keys(speeds(await knownMeasurements(networks, parts)))).toHaveLength(before);
  const again = await measureModels(
    networks,
    {
      ...parts,
      async *measure(tasks) {
        for (const { rung } of tasks) {
          tried.push(rung.model.id);
          yield {
            ...{ model: rung.model.id, provider: "cpu" },
            measurement: {
              ...{ outcome: "proven", megapixelsPerSecond: 9, likenessDb: 60, nodes: {} },
            },
          };
        }
      },
    },
    new AbortController().signal,
  );
  expect(Object.keys(speeds(again))).toHaveLength(3);
  expect(new Set(tried).size).toBe(tried.length);
});
