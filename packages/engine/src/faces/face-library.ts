import { UpreelError } from "@upreel/core";
import { readPublicFaceModels, type PublicFaceModel } from "@upreel/upscaler";
import type { EngineSettings } from "../settings.ts";
import { createFaceFolder } from "./face-folder.ts";

/** A network for faces, here or to download. */
interface FaceModelEntry {
  readonly id: string;
  readonly kind: PublicFaceModel["kind"];
  readonly sizeBytes: number;
  readonly isHere: boolean;
  /** Undefined: it is nobody's but the user's. */
  readonly known: PublicFaceModel | undefined;
}

/** What `upreel faces` does: nothing is tried out. */
export interface FaceLibrary {
  list(): Promise<readonly FaceModelEntry[]>;
  /** Those of these ids that are not here; without ids, one of each kind where that is missing. Throws `model_not_found`. */
  download(
    ids: readonly string[],
    onProgress: (model: PublicFaceModel, bytes: number) => void,
    signal: AbortSignal,
  ): Promise<readonly string[]>;
  /** Copies a file in; its id. Throws `bad_request`. */
  add(file: string): Promise<string>;
  /** Throws `model_not_found`. */
  remove(id: string): Promise<void>;
}

export async function openFaceLibrary({
  modelsDir,
}: Pick<EngineSettings, "modelsDir">): Promise<FaceLibrary> {
  const folder = createFaceFolder(modelsDir);
  const known = await readPublicFaceModels();

  async function wanted(ids: readonly string[]): Promise<readonly PublicFaceModel[]> {
    const here = await folder.list();
    if (ids.length === 0)
      return known.filter(({ kind }) => !here.some((each) => each.kind === kind));
    const named = ids.map((id) => {
      const model = known.find((each) => each.id === id);
      if (model !== undefined) return model;
      throw new UpreelError("model_not_found", `There is no public network for faces ${id}`, {
        expected: known.map((each) => each.id).join(", "),
        got: id,
      });
    });
    return named.filter(({ id }) => !here.some((each) => each.id === id));
  }

  return {
    async list() {
      const here = await folder.list();
      const elsewhere = known.filter(({ id }) => !here.some((each) => each.id === id));
      return [
        ...here.map(({ id, kind, sizeBytes }) => ({
          ...{ id, kind, sizeBytes, isHere: true },
          known: known.find((each) => each.id === id),
        })),
        ...elsewhere.map((each) => ({
          ...{ id: each.id, kind: each.kind, sizeBytes: each.size_bytes, isHere: false },
          known: each,
        })),
      ];
    },
    async download(ids, onProgress, signal) {
      const models = await wanted(ids);
      for (const model of models)
        await folder.download(model, { signal, onProgress: (bytes) => onProgress(model, bytes) });
      return models.map(({ id }) => id);
    },
    add: (file) => folder.add(file),
    remove: (id) => folder.remove(id),
  };
}
