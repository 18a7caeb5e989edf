import type { Provider, RungMeasurement } from "./provider.ts";

/** One place where a run can work, and what it does there. A machine makes as many offers as it has places. */
export interface Offer {
  readonly id: string;
  readonly machine: string;
  /** What may run networks there, in the order that is wanted. */
  readonly providers: readonly Provider[];
  /** That infer for one run. */
  readonly cores: number;
  /** How fast networks were found to be there. */
  readonly speeds: readonly RungMeasurement[];
}
