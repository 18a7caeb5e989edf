import { stat } from "node:fs/promises";
import type { ModelSpec, Provider, RungMeasurement, Log } from "@upreel/core";
import { missingFor } from "../hardware/explain-provider.ts";
import type { GpuFacts } from "../hardware/gpu-facts.ts";
import type { MeasureTask, measureInProcess } from "@upreel/workers";
import {
  measurementKey,
  measurementsOf,
  measurementsFile,
  type KeptMeasurement,
} from "./measurements-file.ts";
import { gpuKeyOf, taskOf } from "./measure-task.ts";
import { speedClassOf } from "./shape-of.ts";
import { twinOf } from "../models/variants.ts";

export interface MeasureParts {
  /** Where figures are kept. */
  readonly file: string;
  readonly providers: readonly Provider[];
  readonly gpus: GpuFacts;
  readonly tileBytes: number;
  readonly measure: typeof measureInProcess;
  readonly log: Log;
  /** Whether speed decides between providers. */
  readonly isByMeasuring: boolean;
  /** Told what is known after each provider. */
  readonly onProvider?: (measured: readonly RungMeasurement[]) => void;
  /** Whether what is known is measured again, too. */
  readonly again?: boolean;
  /** Told after each measurement. */
  readonly onMeasured?: (done: number, total: number) => void;
}

/** A GPU this many times slower than the CPU is made of software: other networks would be no faster. */
const HOPELESS = 10;

/**
 * Proves and times every network on every provider that may be here, once: figures are kept until the
 * model or the machine changes. The CPU comes first. A provider on which the first network fails, or is
 * hopelessly slow though speed decides, is not tried with others.
 */
export async function measureModels(
  networks: readonly ModelSpec[],
  parts: MeasureParts,
  signal: AbortSignal,
): Promise<readonly RungMeasurement[]> {
  const { file, gpus } = parts;
  const gpuKey = gpuKeyOf(gpus);
  const read = parts.again === true ? [] : ((await measurementsFile(file).readOrForget()) ?? []);
  const before = new Map(read.map((kept) => [kept.key, kept]));
  const models = await quickestFirst(networks);
  const here = parts.providers.filter((provider) => missingFor(provider, gpus) === undefined);
  const ordered = here.toSorted((a, b) => Number(b === "cpu") - Number(a === "cpu"));
  const total = ordered.length * models.length;
  const kept: KeptMeasurement[] = [];
  const failed: RungMeasurement[] = [];
  let done = 0;
  const measureAll = (tasks: readonly MeasureTask[]): AsyncGenerator<KeptMeasurement> =>
    measureNew(tasks, { ...parts, before, gpuKey }, signal);

  async function measureOn(provider: Provider): Promise<void> {
    const tasks = models.map((model) => taskOf(model, provider, networks, parts.tileBytes));
    // A missing driver is found out by one network.
    const probes = provider === "cpu" ? [] : tasks.slice(0, 1);
    let isWorthwhile = provider === "cpu";
    for await (const probe of measureAll(probes)) {
      isWorthwhile = isProven(probe) && (!parts.isByMeasuring || !isHopeless(probe, kept));
      // What fails may work the next time, with another driver.
      if (isProven(probe)) kept.push(probe);
      else failed.push(probe);
      parts.onMeasured?.(++done, total);
    }
    for await (const each of measureAll(isWorthwhile ? tasks.slice(probes.length) : [])) {
      kept.push(each);
      parts.onMeasured?.(++done, total);
    }
  }

  try {
    for (const provider of ordered) {
      await measureOn(provider);
      parts.onProvider?.([...measurementsOf(kept), ...failed]);
    }
  } catch (thrown) {
    // Whoever is interrupted goes on from there.
    const keys = new Set(kept.map(({ key }) => key));
    const rest = read.filter(({ key }) => !keys.has(key));
    if (parts.again !== true) await measurementsFile(file).write([...kept, ...rest]);
    throw thrown;
  }
  if (kept.some(({ key }) => !before.has(key)) || kept.length !== before.size)
    await measurementsFile(file).write(kept);
  return [...measurementsOf(kept), ...failed];
}

interface Known extends Pick<MeasureParts, "measure" | "log"> {
  /** What was measured before, by its key. */
  readonly before: ReadonlyMap<string, KeptMeasurement>;
  readonly gpuKey: string;
}

/** Measures what is not known; a network that is proved speaks for all that are as fast. */
async function* measureNew(
  tasks: readonly MeasureTask[],
  { before, gpuKey, measure, log }: Known,
  signal: AbortSignal,
): AsyncGenerator<KeptMeasurement> {
  const keyed = await Promise.all(
    tasks.map(async (task) => ({ task, key: await measurementKey(task, gpuKey) })),
  );
  const known = keyed.flatMap(({ key }) => before.get(key) ?? []);
  const proven = new Map<string, KeptMeasurement>();
  const note = (each: KeptMeasurement): void => {
    if (isProven(each)) proven.set(speedClassOf(each.model), each);
  };
  known.forEach(note);
  yield* known;
  let left = keyed.filter(({ key }) => !before.has(key));
  while (left.length > 0) {
    const spoken = left.flatMap(({ task, key }) => {
      const like = proven.get(speedClassOf(task.rung.model.id));
      return like === undefined ? [] : [{ ...like, model: task.rung.model.id, key }];
    });
    yield* spoken;
    left = left.filter(({ key }) => !spoken.some((each) => each.key === key));
    const now = firstOfEachClass(left);
    left = left.filter((each) => !now.includes(each));
    const asked = now.map(({ task }) => task);
    let at = 0;
    for await (const each of measure(asked, signal)) {
      tell(each, log);
      const measured = { ...each, key: now[at++]?.key ?? "" };
      note(measured);
      yield measured;
    }
  }
}

/** One for each speed. */
function firstOfEachClass<T extends { readonly task: MeasureTask }>(left: readonly T[]): T[] {
  const classes = new Set<string>();
  return left.filter(({ task }) => {
    const name = speedClassOf(task.rung.model.id);
    return !classes.has(name) && classes.add(name);
  });
}

function isHopeless(probe: RungMeasurement, kept: readonly RungMeasurement[]): boolean {
  const speedOf = ({ measurement }: RungMeasurement): number =>
    measurement.outcome === "proven" ? measurement.megapixelsPerSecond : 0;
  const onCpu = kept.find(({ model, provider }) => model === probe.model && provider === "cpu");
  return onCpu !== undefined && HOPELESS * speedOf(probe) < speedOf(onCpu);
}

const isProven = ({ measurement }: RungMeasurement): boolean => measurement.outcome === "proven";

function tell({ model, provider, measurement }: RungMeasurement, log: Log): void {
  if (measurement.outcome !== "refused") return;
  const { message, got } = measurement.reason;
  // No GPU has convolutions for int8 networks: that is as usual as having no GPU.
  log[provider === "cpu" ? "warn" : "debug"](`${model} is not used on ${provider}: ${message}`, {
    got,
  });
}

/** The quickest ones first, and an fp32 one before all: GPUs have no int8 convolutions. */
async function quickestFirst(networks: readonly ModelSpec[]): Promise<readonly ModelSpec[]> {
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
