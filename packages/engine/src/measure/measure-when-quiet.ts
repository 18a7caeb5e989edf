import { join } from "node:path";
import type { Log, ModelSpec, Rung, RungMeasurement } from "@upreel/core";
import { measureInProcess } from "@upreel/workers";
import { readGpuFacts } from "../hardware/gpu-facts.ts";
import type { EngineSettings } from "../settings.ts";
import { keepMeasurements, type MeasurementKeeper } from "./keep-measurements.ts";
import { knownMeasurements } from "./known-measurements.ts";
import { measureModels } from "./measure-models.ts";
import { MEASUREMENTS_FILE } from "./measurements-file.ts";
import { placeMachine } from "./place-machine.ts";

export interface QuietParts {
  readonly settings: EngineSettings;
  /** Settles when nothing else takes the machine's time. */
  readonly untilQuiet: () => Promise<void>;
  /** Aborts when something does. */
  readonly untilBusy: () => Disposable & { readonly signal: AbortSignal };
  /** How fast networks on the CPU are, in a moment. */
  readonly look: (rungs: readonly Rung[]) => Promise<readonly RungMeasurement[]>;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/**
 * Measures what `used` gives while nothing else runs, and keeps what it finds in the folder of models. Until
 * then what was found before counts and, of a new machine, what a quick look tells.
 */
export function measureWhenQuiet(
  { settings, untilQuiet, untilBusy, look, log, signal }: QuietParts,
  used: () => Promise<readonly ModelSpec[]>,
): MeasurementKeeper {
  const { providers, tileBytes, choosesProviderBySpeed: isByMeasuring } = settings;
  const file = join(settings.modelsDir, MEASUREMENTS_FILE);
  const here = async () => {
    const gpus = await readGpuFacts(settings.vulkanDrivers);
    return { file, providers, gpus, tileBytes, measure: measureInProcess };
  };
  return keepMeasurements({
    untilIdle: untilQuiet,
    async first() {
      const [networks, parts] = await Promise.all([used(), here()]);
      const known = await knownMeasurements(networks, parts);
      const isKnown = ({ id }: ModelSpec): boolean =>
        known.some(({ model, provider }) => model === id && provider === "cpu");
      const unknown = providers.includes("cpu") ? networks.filter((each) => !isKnown(each)) : [];
      return [...known, ...(await placeMachine(unknown, { look, tileBytes }))];
    },
    async measure({ again, ...order }) {
      using busy = untilBusy();
      // Who asks for a benchmark wants its figures, whatever else runs.
      const stop = again ? signal : AbortSignal.any([signal, busy.signal]);
      const [networks, parts] = await Promise.all([used(), here()]);
      try {
        return await measureModels(
          networks,
          { ...parts, isByMeasuring, log, again, ...order },
          stop,
        );
      } catch (thrown) {
        if (stop.aborted && !signal.aborted) return "interrupted";
        throw thrown;
      }
    },
  });
}
