import type { ModelSpec, Offer, Provider, RungMeasurement } from "@upreel/core";

/** How one network (in whatever number format) is best run here. */
export interface RungChoice {
  readonly model: ModelSpec;
  readonly provider: Provider;
  /** undefined: not measured yet. */
  readonly megapixelsPerSecond: number | undefined;
}

export interface ChooseParts {
  /** Which providers may be used, in the order that the user wants. */
  readonly providers: readonly Provider[];
  /** Whether speed decides between them, not that order. */
  readonly isByMeasuring: boolean;
  readonly measurements: readonly RungMeasurement[];
}

/** By what a place offers. */
export const howToChoose = (
  { providers, speeds }: Offer,
  { isByMeasuring }: Pick<ChooseParts, "isByMeasuring">,
): ChooseParts => ({ providers, isByMeasuring, measurements: speeds });

/**
 * The fastest of `variants` on the provider that is wanted: among those that passed their proof run.
 * Unmeasured networks run on the CPU where that is allowed. Undefined when nothing may be used.
 */
export function chooseRung(
  variants: readonly ModelSpec[],
  { providers, isByMeasuring, measurements }: ChooseParts,
): RungChoice | undefined {
  const proven = variants.flatMap((model) =>
    measurements.flatMap(({ model: id, provider, measurement }): RungChoice[] => {
      const known = providers.find((each) => each === provider);
      if (id !== model.id || known === undefined || measurement.outcome === "refused") return [];
      const { megapixelsPerSecond } = measurement;
      return [{ model, provider: known, megapixelsPerSecond }];
    }),
  );
  const speed = (choice: RungChoice): number => choice.megapixelsPerSecond ?? 0;
  const fastest = (choices: readonly RungChoice[]): RungChoice | undefined =>
    choices.toSorted((a, b) => speed(b) - speed(a))[0];
  if (proven.length > 0) {
    if (isByMeasuring) return fastest(proven);
    const first = providers.find((each) => proven.some(({ provider }) => provider === each));
    return fastest(proven.filter(({ provider }) => provider === first));
  }
  // Not refused, so not measured yet.
  const isRefused = (id: string): boolean =>
    measurements.some(({ model, provider }) => model === id && provider === "cpu");
  const [model] = variants.filter(({ id }) => !isRefused(id));
  if (model === undefined || !providers.includes("cpu")) return undefined;
  return { model, provider: "cpu", megapixelsPerSecond: undefined };
}
