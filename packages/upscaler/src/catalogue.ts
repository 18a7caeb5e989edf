import { createHash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { GRADES, PLAIN_SCALER, UpreelError, type ModelSpec, type ModelStore } from "@upreel/core";
import { createAdaptedStore, type PrepareFile } from "./import/adapted-store.ts";
import {
  createModelFolder,
  type FolderModel,
  type ModelFolder,
  type SettledModel,
} from "./import/model-folder.ts";

/** A model that Upreel brings along. */
interface BuiltInModel {
  readonly state: "built-in";
  readonly id: string;
  readonly spec: ModelSpec;
  readonly sizeBytes: number;
}

export type CatalogueModel = BuiltInModel | FolderModel;

/** Networks that can be asked for by their id, and found by their hash. */
export interface Catalogue extends ModelStore {
  /**
   * Waits until the model is checked. Throws `model_unknown` with the ids that are there, or
   * `model_unusable` with the reason.
   */
  find(id: string): Promise<ModelSpec>;
  /** All that can be asked for now. */
  list(): Promise<readonly ModelSpec[]>;
  /** Those that are still being checked and those that were refused too. */
  models(): Promise<readonly CatalogueModel[]>;
  /** Takes a file in under this id when it is good: it is moved into the folder of models. */
  add(file: string, id: string): Promise<SettledModel>;
  /** Deletes an imported model. Throws `model_unknown`, or `bad_request` for a built-in one. */
  remove(id: string): Promise<void>;
}

export interface ImportOptions {
  /** Where users put their models; it need not exist. */
  readonly folder: string;
  readonly prepare: PrepareFile;
  /** Told when a new model was checked. */
  readonly onSettled?: (model: SettledModel) => void;
  /** Ends checks that are under way. */
  readonly signal: AbortSignal;
}

const BUILT_IN_FOLDER = fileURLToPath(new URL("../models/", import.meta.url));
const EXTENSION = ".onnx";
/** What the setting `MODEL` means otherwise. */
const RESERVED = ["auto", PLAIN_SCALER.id];

/** The built-in luma networks, ×1.5 to ×4: uint8 planes in and out (training/README.md). */
async function readBuiltIn(): Promise<ModelSpec[]> {
  const names = await readdir(BUILT_IN_FOLDER);
  const models = names
    .filter((name) => name.endsWith(EXTENSION))
    .sort()
    .map(async (name): Promise<ModelSpec> => {
      const file = join(BUILT_IN_FOLDER, name);
      const scale = Number(/^upreel-x([\d.]+)-/.exec(name)?.[1] ?? 2);
      const id = name.slice(0, -EXTENSION.length);
      return { id, file, hash: await hashOf(file), kind: "luma", pixelFormat: "yuv444p", scale };
    });
  return Promise.all(models);
}

const hashOf = async (file: string): Promise<string> =>
  createHash("sha256")
    .update(await readFile(file))
    .digest("hex");

let builtIn: Promise<ModelSpec[]> | undefined;
/** They stay as they are: read once. */
const listBuiltIn = (): Promise<ModelSpec[]> => (builtIn ??= readBuiltIn());

/** The built-in networks, the plain scaler and, with `imports`, what users brought. */
export function createCatalogue(imports?: ImportOptions): Catalogue {
  const folder = imports === undefined ? undefined : openFolder(imports);
  const brought = async (): Promise<readonly FolderModel[]> => (await folder?.list()) ?? [];
  const list = async (): Promise<ModelSpec[]> => [
    ...(await listBuiltIn()),
    ...(await brought()).flatMap((model) => (model.state === "ready" ? [model.spec] : [])),
    PLAIN_SCALER,
  ];

  const unknown = async (id: string): Promise<UpreelError> =>
    new UpreelError("model_unknown", `There is no model ${id}${whereToPut(id, imports)}`, {
      expected: [
        ...GRADES.toReversed(),
        PLAIN_SCALER.id,
        ...(await brought()).flatMap((model) => (model.state === "ready" ? [model.spec.id] : [])),
        "or a built-in network (`upreel models`)",
      ].join(", "),
      got: id,
    });

  return {
    list,
    async fileOf({ id, hash }) {
      const builtIn = (await listBuiltIn()).find((spec) => spec.hash === hash);
      const file = builtIn?.file ?? folder?.fileOf(hash);
      if (file !== undefined) return file;
      throw new UpreelError("model_unknown", `The network of ${id} is not on this machine`, {
        expected: `one with the hash ${hash}`,
      });
    },
    async models() {
      const builtIn = [...(await listBuiltIn()), PLAIN_SCALER].map(
        async (spec): Promise<BuiltInModel> => ({
          state: "built-in",
          id: spec.id,
          spec,
          sizeBytes: spec.file === "" ? 0 : (await stat(spec.file)).size,
        }),
      );
      return [...(await Promise.all(builtIn)), ...(await brought())];
    },
    async find(id) {
      const builtIn = [...(await listBuiltIn()), PLAIN_SCALER].find((spec) => spec.id === id);
      if (builtIn !== undefined) return builtIn;
      const model = await folder?.find(id);
      if (model === undefined) throw await unknown(id);
      if (model.state === "ready") return model.spec;
      const { code, message, ...details } = model.reason;
      throw new UpreelError(code, `The model ${id} cannot be used: ${message}`, details);
    },
    async add(file, id) {
      if (folder === undefined)
        throw new UpreelError("model_unknown", "No folder for models is set");
      return folder.add(file, id);
    },
    async remove(id) {
      const isBuiltIn = [...(await listBuiltIn()), PLAIN_SCALER].some((spec) => spec.id === id);
      if (isBuiltIn) {
        throw new UpreelError("bad_request", `${id} is a built-in model and cannot be deleted`);
      }
      if ((await folder?.remove(id)) !== true) throw await unknown(id);
    },
  };
}

const whereToPut = (id: string, imports: ImportOptions | undefined): string =>
  imports === undefined ? "" : `; put ${id}${EXTENSION} into ${imports.folder} to import it`;

function openFolder({ folder, prepare, onSettled, signal }: ImportOptions): ModelFolder {
  return createModelFolder(folder, {
    store: createAdaptedStore(join(folder, ".adapted"), prepare),
    reserved: async () => new Set([...RESERVED, ...(await listBuiltIn()).map(({ id }) => id)]),
    onSettled: onSettled ?? (() => {}),
    signal,
  });
}
