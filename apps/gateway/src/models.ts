import { PLAIN_SCALER, type ModelSpec } from "@upreel/core";
import { createCatalogue } from "@upreel/upscaler";

/** A model that may be asked for by its id. */
export interface ModelEntry {
  readonly id: string;
  /** Magnification of the network; null where any is possible. */
  readonly scale: number | null;
  readonly description: string;
}

const DESCRIPTIONS: Record<ModelSpec["kind"], string> = {
  luma: "network on brightness; colours are scaled beside it",
  planes: "network on all three colour planes",
  copy: "plain scaling without a network, the last resort",
};

/** All that `MODEL` may be, but for `auto`. */
export async function listModels(): Promise<readonly ModelEntry[]> {
  const specs = await createCatalogue().list();
  return specs.map(({ id, kind, scale }) => ({
    id,
    scale: id === PLAIN_SCALER.id ? null : scale,
    description: DESCRIPTIONS[kind],
  }));
}
