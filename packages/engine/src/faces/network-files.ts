import type { ModelStore } from "@upreel/core";
import type { FaceModels } from "./face-models.ts";

/** All networks of this machine by their hash, those for faces, too. */
export const networkFiles = (catalogue: ModelStore, faces: FaceModels): ModelStore => ({
  fileOf: async (model, signal) =>
    catalogue.fileOf(model, signal).catch(async (thrown: unknown) => {
      const file = await faces.fileOf(model.hash);
      if (file === undefined) throw thrown;
      return file;
    }),
});
