import type { Rung } from "@upreel/core";
import type { LadderRung } from "@upreel/streams";
import { nameOfModel } from "../models/name-of-model.ts";

/** Slower than this a rung is not begun with while somebody watches. */
export const SUSTAINED_SPEED = 1.25;

/** How fast a rung should make this film, in words for people. */
export function explainRung({ model }: Rung, expectedSpeed: number | undefined): string {
  const quality = `quality “${nameOfModel(model.id)}”`;
  return expectedSpeed === undefined
    ? `${quality}: not measured on this computer yet`
    : `${quality}: this computer upscales this film at about ${expectedSpeed.toFixed(1)}× speed`;
}

/** Why a rung stands where it does in its ladder, as a sentence. */
export function placeOf(ladder: readonly LadderRung[], level: number): string {
  const sustains = ({ expectedSpeed }: LadderRung): boolean =>
    expectedSpeed === undefined || expectedSpeed >= SUSTAINED_SPEED;
  const first = ladder.findIndex(sustains);
  const isNetwork = ladder[level]?.rung.model.kind !== "copy";
  if (!isNetwork)
    return level === 0
      ? "No model can be used here: the picture is only enlarged."
      : "No model is fast enough here: the picture is only enlarged.";
  if (level === first) return "It is the best one that is fast enough to watch live.";
  return level < first || first < 0
    ? "It cannot be watched live yet."
    : `The better “${nameOfModel(ladder[level - 1]?.rung.model.id ?? "")}” was too slow.`;
}
