import type { VideoEncoder } from "../film/profile.ts";
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
  /** What can encode there; undefined: whatever a film was planned with. */
  readonly encoders?: readonly VideoEncoder[] | undefined;
  /** It counts as so many times as fast; absent: 1. */
  readonly weight?: number | undefined;
  /** Films are planned there, and made elsewhere. */
  readonly plansOnly?: boolean | undefined;
}

/** Begins the name of every machine that is not the one where the streams are. */
const FARM_MACHINE = "farm:";

/** The machine of a worker, in its offers and in orders for it. */
export const machineOfWorker = (name: string): string => `${FARM_MACHINE}${name}`;

/** The name of the worker; undefined: it is the machine of the streams. */
export const workerOfMachine = (machine: string | undefined): string | undefined =>
  machine?.startsWith(FARM_MACHINE) === true ? machine.slice(FARM_MACHINE.length) : undefined;

/** Whether a machine of an offer or an order is another one than that of the streams. */
export const isElsewhere = (machine: string | undefined): boolean =>
  workerOfMachine(machine) !== undefined;
