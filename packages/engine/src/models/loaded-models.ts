import { UpreelError, type ModelEntry, type ModelSpec } from "@upreel/core";
import type { Catalogue } from "@upreel/upscaler";
import type { Models } from "./models-api.ts";

/** The worker that waits for the next film with a network loaded. */
export interface WarmWorker {
  /** The id of its network. */
  loaded(): string | undefined;
  /** undefined: the one of the settings. */
  keepWarm(model: ModelSpec | undefined): Promise<void>;
}

/** What the spare worker keeps loaded. */
export function loading(
  {
    catalogue,
    warmWorker,
  }: { readonly catalogue: Catalogue; readonly warmWorker?: WarmWorker | undefined },
  get: (id: string) => Promise<ModelEntry>,
): Pick<Models, "load" | "unload"> {
  const loadable = (): WarmWorker => {
    if (warmWorker !== undefined) return warmWorker;
    throw new UpreelError("bad_request", "No worker is kept here to load models into");
  };
  return {
    async load(id) {
      const model = await catalogue.find(id);
      await loadable().keepWarm(model);
      return get(id);
    },
    async unload(id) {
      await get(id);
      if (loadable().loaded() === id) await loadable().keepWarm(undefined);
      return get(id);
    },
  };
}
