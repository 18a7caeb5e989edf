import { rename, rm, stat } from "node:fs/promises";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { UpreelError, type ModelStore } from "@upreel/core";
import { makeFolder } from "@upreel/files";
import type { Catalogue } from "@upreel/upscaler";

/** Part of a file's name: whoever names a network may be another machine. */
const HASH = /^[0-9a-f]{64}(\.\d+)?$/;

/** Networks by their hash: those that this machine has, and others as the gateway sends them, once each. */
export function createFarmModels(
  own: Pick<Catalogue, "fileOf">,
  folder: string,
  fetchModel: (hash: string, target: string, signal: AbortSignal) => Promise<void>,
): ModelStore {
  const fetching = new Map<string, Promise<string>>();

  async function fetchOnce(hash: string, signal: AbortSignal): Promise<string> {
    const file = join(folder, `${hash}.onnx`);
    if ((await stat(file).catch(() => undefined))?.isFile() === true) return file;
    await makeFolder(folder);
    const part = join(folder, `.${hash}.${randomBytes(4).toString("hex")}.part`);
    try {
      await fetchModel(hash, part, signal);
      await rename(part, file);
    } finally {
      await rm(part, { force: true });
    }
    return file;
  }

  return {
    async fileOf(model, signal) {
      const { hash } = model;
      if (!HASH.test(hash)) {
        throw new UpreelError(
          "model_unknown",
          `${model.id} is named by something that is not a hash`,
          {
            expected: "64 hexadecimal digits",
            got: hash.slice(0, 80),
          },
        );
      }
      const here = await own.fileOf(model, signal).catch(() => undefined);
      if (here !== undefined && (await stat(here).catch(() => undefined)) !== undefined)
        return here;
      const known = fetching.get(hash);
      if (known !== undefined) return known;
      const fetched = fetchOnce(hash, signal).finally(() => fetching.delete(hash));
      fetching.set(hash, fetched);
      return fetched;
    },
  };
}
