import type { StreamStatus } from "@upreel/core";
import { strings } from "./strings.ts";

/**
 * The state in words. A film all of whose segments are there does not start, nor wait for a place: it is put
 * together, or will be when nobody is in the way of making some of it better.
 */
export const stateName = ({ state, ratio }: Pick<StreamStatus, "state" | "ratio">): string =>
  (state === "starting" || state === "queued") && ratio >= 1
    ? strings.finishing
    : strings.states[state];
