import type { ModelSpec, Provider } from "@upreel/core";
import type { MeasureTask } from "@upreel/workers";
import type { GpuFacts } from "../hardware/gpu-facts.ts";
import { rungOn } from "./rung-on.ts";
import { twinOf } from "../models/variants.ts";

/** What a network is tried on. */
export const taskOf = (
  model: ModelSpec,
  provider: Provider,
  networks: readonly ModelSpec[],
  tileBytes: number,
): MeasureTask => ({ rung: rungOn(model, provider, tileBytes), twin: twinOf(model, networks) });

/** Changes with the GPUs, their drivers and the runtime's libraries for them. */
export const gpuKeyOf = ({ gpus, vulkanDrivers, nvidiaDriver, runtimeFiles }: GpuFacts): string =>
  JSON.stringify([gpus, vulkanDrivers, nvidiaDriver, runtimeFiles]);
