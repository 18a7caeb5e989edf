import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { PLAIN_SCALER, UpreelError, type ModelSpec } from "@upreel/core";

/** Networks that can be asked for by their id. */
export interface Catalogue {
  /** Throws `model_unknown` with the ids that are there. */
  find(id: string): Promise<ModelSpec>;
  list(): Promise<readonly ModelSpec[]>;
}

const BUILT_IN_FOLDER = fileURLToPath(new URL("../models/", import.meta.url));
const EXTENSION = ".onnx";

/** The built-in ×2 luma networks: uint8 planes in and out (training/README.md). */
async function listBuiltIn(): Promise<ModelSpec[]> {
  const names = await readdir(BUILT_IN_FOLDER);
  return names
    .filter((name) => name.endsWith(EXTENSION))
    .sort()
    .map((name) => ({
      id: name.slice(0, -EXTENSION.length),
      file: join(BUILT_IN_FOLDER, name),
      kind: "luma",
      pixelFormat: "yuv444p",
      scale: 2,
    }));
}

/** The built-in networks and the plain scaler. */
export function createCatalogue(): Catalogue {
  const list = async (): Promise<ModelSpec[]> => [...(await listBuiltIn()), PLAIN_SCALER];
  return {
    list,
    async find(id) {
      const models = await list();
      const found = models.find((model) => model.id === id);
      if (found !== undefined) return found;
      throw new UpreelError("model_unknown", `There is no model ${id}`, {
        expected: models.map((model) => model.id).join(", "),
        got: id,
      });
    },
  };
}
