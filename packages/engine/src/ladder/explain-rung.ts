import { shownSpeed, told, type Rung, type Told } from "@upreel/core";
import type { LadderRung } from "@upreel/streams";
import { nameOfModel } from "../models/name-of-model.ts";

/** Slower than this a rung is not begun with while somebody watches. */
export const SUSTAINED_SPEED = 1.25;

/** How fast a rung should make this film. */
export function explainRung({ model: { id } }: Rung, expectedSpeed: number | undefined): Told {
  const model = nameOfModel(id);
  return expectedSpeed === undefined
    ? told("rung_not_measured", { model })
    : told("rung_speed", { model, speed: shownSpeed(expectedSpeed) });
}

/** Why a rung stands where it does in its ladder. */
export function placeOf(ladder: readonly LadderRung[], level: number): Told {
  const sustains = ({ expectedSpeed }: LadderRung): boolean =>
    expectedSpeed === undefined || expectedSpeed >= SUSTAINED_SPEED;
  const first = ladder.findIndex(sustains);
  const isNetwork = ladder[level]?.rung.model.kind !== "copy";
  if (!isNetwork) return told(level === 0 ? "rung_no_model" : "rung_none_fast");
  if (level === first) return told("rung_best_live");
  return level < first || first < 0
    ? told("rung_not_live")
    : told("rung_better_slow", { model: nameOfModel(ladder[level - 1]?.rung.model.id ?? "") });
}
