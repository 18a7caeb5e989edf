import type { RungMeasurement } from "@upreel/core";
import { expectedSpeed, isGpu } from "@upreel/upscaler";
import { SUSTAINED_SPEED } from "./explain-rung.ts";

/** What most screens have. */
const USUAL_LINES = 1080;
const LARGE_LINES = 2160;
const FILM_RATE = { num: 24, den: 1 };
const DOUBLED = { inputWidth: 1920, inputHeight: 1080, width: 3840, height: 2160 };

/** Lines that films are made for where nobody says: 2160 where one of `networks` makes that live on a GPU. */
export function screenLines(
  measurements: readonly RungMeasurement[],
  networks: readonly string[],
  cores: number,
): number {
  const isHeld = measurements.some(
    ({ model, provider, measurement }) =>
      isGpu(provider) &&
      networks.some((name) => model === name || model.startsWith(`${name}-`)) &&
      measurement.outcome === "proven" &&
      expectedSpeed({ ...measurement, provider, cores }, DOUBLED, FILM_RATE) >= SUSTAINED_SPEED,
  );
  return isHeld ? LARGE_LINES : USUAL_LINES;
}
