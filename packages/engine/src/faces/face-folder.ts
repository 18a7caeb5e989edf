import { copyFile, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { UpreelError, type FaceWork } from "@upreel/core";
import { makeFolder, sha256Of } from "@upreel/files";
import { LARGEST_MODEL_BYTES, type PublicFaceModel } from "@upreel/upscaler";
import { downloadFile } from "../models/download-file.ts";

/** In the folder of models. */
const FOLDER = "faces";
const ENDING = ".onnx";

/** A network for faces that lies here. */
export interface FaceNetworkFile {
  readonly id: string;
  readonly kind: PublicFaceModel["kind"];
  readonly file: string;
  readonly sizeBytes: number;
  readonly modifiedMs: number;
}

/** The files of `MODELS_DIR/faces`; what is put there by hand counts. */
export interface FaceFolder {
  list(): Promise<readonly FaceNetworkFile[]>;
  /** With what is in it. */
  identify(network: FaceNetworkFile): Promise<FaceWork["restorer"]>;
  download(model: PublicFaceModel, options: Parameters<typeof downloadFile>[2]): Promise<void>;
  /** Copies a file in; its name becomes the id. */
  add(file: string): Promise<string>;
  /** Throws `model_not_found`. */
  remove(id: string): Promise<void>;
}

/** Detectors are known by their name: there is one kind of them. */
const kindOf = (id: string): FaceNetworkFile["kind"] =>
  /yunet/i.test(id) ? "detector" : "restorer";

export function createFaceFolder(modelsDir: string): FaceFolder {
  const folder = join(modelsDir, FOLDER);
  const hashes = new Map<string, string>();
  const fileOf = (id: string): string => join(folder, `${id}${ENDING}`);

  async function list(): Promise<FaceNetworkFile[]> {
    const names = await readdir(folder).catch(() => []);
    const files = names
      .filter((name) => name.endsWith(ENDING))
      .sort()
      .map(async (name): Promise<FaceNetworkFile | undefined> => {
        const file = join(folder, name);
        const found = await stat(file).catch(() => undefined);
        if (found?.isFile() !== true) return undefined;
        const id = basename(name, ENDING);
        const { size: sizeBytes, mtimeMs: modifiedMs } = found;
        return { id, kind: kindOf(id), file, sizeBytes, modifiedMs };
      });
    return (await Promise.all(files)).filter((each) => each !== undefined);
  }

  return {
    list,
    async identify({ id, file, sizeBytes, modifiedMs }) {
      const key = `${file}\n${sizeBytes}\n${modifiedMs}`;
      const hash = hashes.get(key) ?? (await sha256Of(file));
      hashes.set(key, hash);
      return { id, file, hash };
    },
    async download({ id, url, sha256, size_bytes: sizeBytes }, options) {
      const part = join(folder, `.${id}.part`);
      await downloadFile({ url, sha256, sizeBytes }, part, options);
      await rename(part, fileOf(id));
    },
    async add(file) {
      const id = basename(file, ENDING).replaceAll(/[^\w.-]+/g, "-");
      const size = (await stat(file).catch(() => undefined))?.size ?? 0;
      if (!file.endsWith(ENDING) || size === 0 || size > LARGEST_MODEL_BYTES)
        throw new UpreelError("bad_request", `${file} cannot be imported`, {
          expected: `an ${ENDING} file of at most ${LARGEST_MODEL_BYTES / 2 ** 20} MiB`,
          got: size === 0 ? "no such file, or an empty one" : `${Math.ceil(size / 2 ** 20)} MiB`,
        });
      await makeFolder(folder);
      const part = join(folder, `.${id}.part`);
      await copyFile(file, part);
      await rename(part, fileOf(id));
      return id;
    },
    async remove(id) {
      const found = (await list()).find((each) => each.id === id);
      if (found === undefined)
        throw new UpreelError("model_not_found", `There is no network for faces ${id}`, {
          expected: (await list()).map((each) => each.id).join(", ") || "none is here",
          got: id,
        });
      await rm(found.file);
    },
  };
}
