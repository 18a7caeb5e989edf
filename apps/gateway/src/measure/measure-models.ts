import { stat } from "node:fs/promises";
import type { ModelSpec, Provider, RungMeasurement } from "@upreel/core";
import type { Log } from "@upreel/streams";
import { missingFor } from "../hardware/explain-provider.ts";
import type { GpuFacts } from "../hardware/gpu-facts.ts";
import type { MeasureTask, measureInProcess } from "../worker-measure.ts";
import {
  measurementKey,
  measurementsOf,
  readMeasurements,
  writeMeasurements,
  type KeptMeasurement,
} from "./measurements-file.ts";
import { rungOn } from "./rung-on.ts";
import { twinOf } from "./variants.ts";

export interface MeasureParts {
  /** Where figures are kept. */
  readonly file: string;
  readonly providers: readonly Provider[];
  readonly gpus: GpuFacts;
  readonly tileBytes: number;
  readonly measure: typeof measureInProcess;
  readonly log: Log;
  /** Whether what is known is measured again, too. */
  readonly again?: boolean;
  /** Told after each measurement. */
  readonly onMeasured?: (done: number, total: number) => void;
}

/**
 * Proves and times every network on every provider that may be here, once: figures are kept until the
 * model or the machine changes. A provider on which the first network fails is not tried with others.
 */
export async function measureModels(
  networks: readonly ModelSpec[],
  parts: MeasureParts,
  signal: AbortSignal,
): Promise<readonly RungMeasurement[]> {
  const { file, gpus, log } = parts;
  const gpuKey = JSON.stringify([
    gpus.gpus,
    gpus.vulkanDrivers,
    gpus.nvidiaDriver,
    gpus.runtimeFiles,
  ]);
  const read = parts.again === true ? [] : await readMeasurements(file);
  const before = new Map(read.map((kept) => [kept.key, kept]));
  const ordered = await smallestFirst(networks);
  const kept: KeptMeasurement[] = [];
  const failed: RungMeasurement[] = [];
  const plan = parts.providers
    .filter((provider) => missingFor(provider, gpus) === undefined)
    .map((provider) => ordered.map((model) => taskOf(model, provider, networks, parts.tileBytes)));
  const total = plan.flat().length;
  let done = 0;

  for (const tasks of plan) {
    const keyed = await Promise.all(
      tasks.map(async (task) => ({ task, key: await measurementKey(task, gpuKey) })),
    );
    const known = keyed.flatMap(({ key }) => before.get(key) ?? []);
    kept.push(...known);
    done += known.length;
    const unknown = keyed.filter(({ key }) => !before.has(key));
    const isCpu = tasks[0]?.rung.provider === "cpu";
    // A missing driver is found out by one network, and may be there the next time.
    const probes = isCpu || known.some(isProven) ? [] : unknown.slice(0, 1);
    const rest = unknown.slice(probes.length);
    let works = probes.length === 0;
    for (const part of [probes, rest]) {
      if (part === rest && !works) break;
      let at = 0;
      for await (const measured of parts.measure(
        part.map(({ task }) => task),
        signal,
      )) {
        const { key = "" } = part[at++] ?? {};
        works ||= isProven(measured);
        if (isCpu || works) kept.push({ ...measured, key });
        else failed.push(measured);
        if (measured.measurement.outcome === "refused") tell(measured, log);
        parts.onMeasured?.(++done, total);
      }
    }
  }
  if (kept.some(({ key }) => !before.has(key)) || kept.length !== before.size)
    await writeMeasurements(file, kept);
  return [...measurementsOf(kept), ...failed];
}

const isProven = ({ measurement }: RungMeasurement): boolean => measurement.outcome === "proven";

function tell({ model, provider, measurement }: RungMeasurement, log: Log): void {
  if (measurement.outcome === "refused")
    log.info(`${model} is not used on ${provider}: ${measurement.reason.message}`, {
      got: measurement.reason.got,
    });
}

const taskOf = (
  model: ModelSpec,
  provider: Provider,
  networks: readonly ModelSpec[],
  tileBytes: number,
): MeasureTask => ({ rung: rungOn(model, provider, tileBytes), twin: twinOf(model, networks) });

/** The quickest ones first, and an fp32 one before all: GPUs have no int8 convolutions. */
async function smallestFirst(networks: readonly ModelSpec[]): Promise<readonly ModelSpec[]> {
  const sized = await Promise.all(
    networks.map(async (model) => ({
      model,
      isInt8: twinOf(model, networks) !== undefined,
      bytes: (await stat(model.file)).size,
    })),
  );
  return sized
    .sort((a, b) => Number(a.isInt8) - Number(b.isInt8) || a.bytes - b.bytes)
    .map(({ model }) => model);
}
