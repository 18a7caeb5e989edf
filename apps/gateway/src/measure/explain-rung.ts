import type { Rung, RungMeasurement } from "@upreel/core";
import type { LadderRung } from "@upreel/streams";

/** Slower than this a rung is not begun with while somebody watches. */
export const SUSTAINED_SPEED = 1.25;

/** The other ways to run the same network. */
export interface Alternatives {
  readonly measurements: readonly RungMeasurement[];
  /** Its number formats, the chosen one included. */
  readonly variants: readonly string[];
}

/** How fast a rung should be, and why it is run on this provider and in this number format. */
export function explainRung(
  { model, provider }: Rung,
  expectedSpeed: number | undefined,
  { measurements, variants }: Alternatives,
): string {
  const speed =
    expectedSpeed === undefined
      ? "not measured yet"
      : `${expectedSpeed.toFixed(1)} × real time expected on ${provider}`;
  const others = measurements
    .filter((each) => variants.includes(each.model))
    .filter((each) => each.model !== model.id || each.provider !== provider)
    .map(
      ({ model: other, provider: on, measurement }) =>
        `${other} on ${on}: ${
          measurement.outcome === "proven"
            ? `${measurement.megapixelsPerSecond.toPrecision(2)} Mpx/s`
            : `refused, ${measurement.reason.message}`
        }`,
    );
  const own = measurements.find(
    (each) => each.model === model.id && each.provider === provider,
  )?.measurement;
  const figure =
    own?.outcome === "proven" ? ` (${own.megapixelsPerSecond.toPrecision(2)} Mpx/s a thread)` : "";
  const instead = others.length === 0 ? "" : `; other ways: ${others.join("; ")}`;
  return `${speed}${figure}${instead}`;
}

/** Why a rung stands where it does in its ladder. */
export function placeOf(ladder: readonly LadderRung[], level: number): string {
  const sustains = ({ expectedSpeed }: LadderRung): boolean =>
    expectedSpeed === undefined || expectedSpeed >= SUSTAINED_SPEED;
  const first = ladder.findIndex(sustains);
  const isNetwork = ladder[level]?.rung.model.kind !== "copy";
  if (!isNetwork) return level === 0 ? "no network may be used here" : "no network keeps up";
  if (level === first) return `the best model that sustains ${SUSTAINED_SPEED} × real time`;
  return level < first || first < 0
    ? "a better picture than this machine sustains, made while there is time"
    : `faster than ${ladder[level - 1]?.rung.model.id}, which did not keep up`;
}
