import type { StreamStatus } from "@upreel/core";
import { strings } from "./strings.ts";

/** The state in words. A film all of whose segments are there is put together; it does not start. */
export const stateName = ({ state, ratio }: Pick<StreamStatus, "state" | "ratio">): string =>
  state === "starting" && ratio >= 1 ? strings.finishing : strings.states[state];
