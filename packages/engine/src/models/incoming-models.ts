import { randomUUID } from "node:crypto";
import { rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { UpreelError, type ModelEntry } from "@upreel/core";
import { makeFolder } from "@upreel/files";
import { modelIdOf, type Catalogue, type CatalogueModel } from "@upreel/upscaler";
import { reserveSpace } from "./model-space.ts";
import type { Models } from "./models-api.ts";

export interface IncomingParts {
  readonly catalogue: Catalogue;
  readonly folder: string;
  readonly quotaBytes: number;
  /** Copies a model with its weights inside; rejects with `model_unusable` where that cannot be. */
  readonly join: (source: string, target: string, signal: AbortSignal) => Promise<void>;
  readonly signal: AbortSignal;
}

/** In the folder of models itself: the same disk, so that a file is moved in by a rename. */
export const incomingFolder = (folder: string): string => join(folder, ".incoming");

/** Files that become models. */
export function incomingModels(
  { catalogue, folder, quotaBytes, ...parts }: IncomingParts,
  describe: (model: CatalogueModel) => ModelEntry,
): Pick<Models, "incomingFile" | "take" | "importFile"> {
  async function incomingFile(): Promise<string> {
    const incoming = incomingFolder(folder);
    await makeFolder(incoming);
    return join(incoming, randomUUID());
  }

  async function take(file: string, fileName: string): Promise<ModelEntry> {
    const id = modelIdOf(fileName);
    if (id === "") {
      throw new UpreelError("bad_request", "The model has no name", {
        expected: "a file name such as realesr-animevideov3.onnx",
        got: JSON.stringify(fileName.slice(0, 100)),
      });
    }
    // It is here already and counts; the network as it is run will lie beside it.
    await reserveSpace(folder, (await sizeOf(file)) / 2, quotaBytes);
    const model = await catalogue.add(file, id);
    if (model.state === "ready") return describe(model);
    const { code, message, ...details } = model.reason;
    throw new UpreelError(code, `The model ${id} cannot be used: ${message}`, details);
  }

  return {
    incomingFile,
    take,
    async importFile(file) {
      await reserveSpace(folder, await sizeOf(file), quotaBytes);
      const copy = await incomingFile();
      try {
        await parts.join(file, copy, parts.signal);
        return await take(copy, file);
      } finally {
        await rm(copy, { force: true });
      }
    },
  };
}

const sizeOf = (file: string): Promise<number> =>
  stat(file).then(
    ({ size }) => size,
    () => 0,
  );
