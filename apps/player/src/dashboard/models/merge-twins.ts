import type { ModelEntry } from "@upreel/core";

/** The number format of a network, which is chosen by measuring: people choose the network. */
export const withoutFormat = (id: string): string => id.replace(/-(int8|fp32)$/, "");

/** Of the two number formats of one network the one that is faster here, under the network's own id. */
export function mergeTwins(models: readonly ModelEntry[]): readonly ModelEntry[] {
  const best = new Map<string, ModelEntry>();
  for (const model of models) {
    const id = model.origin === "built-in" ? withoutFormat(model.id) : model.id;
    const other = best.get(id);
    const isFaster = (model.megapixels_per_second ?? 0) > (other?.megapixels_per_second ?? 0);
    if (other === undefined || isFaster)
      best.set(id, {
        ...model,
        id,
        loaded: model.loaded || other?.loaded === true,
      });
  }
  return [...best.values()];
}
