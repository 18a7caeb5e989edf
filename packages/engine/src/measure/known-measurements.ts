import type { ModelSpec, Provider, RungMeasurement } from "@upreel/core";
import type { GpuFacts } from "../hardware/gpu-facts.ts";
import { gpuKeyOf, taskOf } from "./measure-task.ts";
import { measurementKey, measurementsFile, measurementsOf } from "./measurements-file.ts";

/** What was measured on this machine as it is, before; measures nothing. */
export async function knownMeasurements(
  networks: readonly ModelSpec[],
  {
    file,
    providers,
    gpus,
    tileBytes,
  }: {
    readonly file: string;
    readonly providers: readonly Provider[];
    readonly gpus: GpuFacts;
    readonly tileBytes: number;
  },
): Promise<readonly RungMeasurement[]> {
  const kept = (await measurementsFile(file).readOrForget()) ?? [];
  if (kept.length === 0) return [];
  const byKey = new Map(kept.map((each) => [each.key, each]));
  const keys = await Promise.all(
    providers.flatMap((provider) =>
      networks.map((model) =>
        measurementKey(taskOf(model, provider, networks, tileBytes), gpuKeyOf(gpus)),
      ),
    ),
  );
  return measurementsOf(keys.flatMap((key) => byKey.get(key) ?? []));
}
