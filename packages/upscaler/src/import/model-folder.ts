import { readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { toReason, UpreelError, type ModelSpec, type Reason } from "@upreel/core";
import PQueue from "p-queue";
import type { Adapted, AdaptedStore } from "./adapted-store.ts";
import { LARGEST_MODEL_BYTES } from "./model-limits.ts";
import { isModelId, MODEL_ENDING, orderOf } from "./model-id.ts";

interface Found {
  readonly id: string;
  /** What the user brought. */
  readonly file: string;
  readonly sizeBytes: number;
}

/** A model file in the models folder, and what is known of it. */
export type FolderModel =
  | (Found & { readonly state: "checking" })
  | (Found & { readonly state: "refused"; readonly reason: Reason })
  | (Found & {
      readonly state: "ready";
      readonly spec: ModelSpec;
      readonly parameters: number;
    });

export type SettledModel = Exclude<FolderModel, { state: "checking" }>;

/** The folder that users drop models into. It is read at each call, so nothing needs a restart. */
export interface ModelFolder {
  /** All models, by id; new or changed files begin to be checked, one after the other. */
  list(): Promise<readonly FolderModel[]>;
  /** Where the adapted model with this hash lies; undefined: none has it. */
  fileOf(hash: string): string | undefined;
  /** The model when it is checked; undefined when there is no such file. */
  find(id: string): Promise<SettledModel | undefined>;
  /** Checks `file`, which is outside the folder, and takes it in under `id` when it is good. */
  add(file: string, id: string): Promise<SettledModel>;
  /** Deletes the user's file and what was made of it; false when there is none. */
  remove(id: string): Promise<boolean>;
}

interface Check {
  readonly signature: string;
  readonly settled: Promise<SettledModel>;
  now: FolderModel;
  sha256: string | undefined;
}

export interface ModelFolderParts {
  readonly store: AdaptedStore;
  /** Ids that others have. */
  readonly reserved: () => Promise<ReadonlySet<string>>;
  /** Told when a file is checked. */
  readonly onSettled: (model: SettledModel) => void;
  readonly signal: AbortSignal;
}

export function createModelFolder(folder: string, parts: ModelFolderParts): ModelFolder {
  const { store, signal } = parts;
  const checks = new Map<string, Check>();
  /** One after the other: a check takes all it can get of a core, and much memory. */
  const queue = new PQueue({ concurrency: 1 });

  async function check(found: Found, entry: () => Check): Promise<SettledModel> {
    const refusal = refuseUnseen(found, await parts.reserved());
    if (refusal !== undefined) return { ...found, state: "refused", reason: refusal };
    try {
      const adapted = await queue.add(() => store.adapt(found.file, orderOf(found.id), signal));
      entry().sha256 = adapted.sha256;
      return settle(found, adapted);
    } catch (thrown) {
      return { ...found, state: "refused", reason: toReason(thrown) };
    }
  }

  function begin(found: Found, signature: string): Check {
    const settled: Promise<SettledModel> = check(found, () => entry).then((model) => {
      entry.now = model;
      if (checks.get(found.id) === entry) parts.onSettled(model);
      return model;
    });
    const entry: Check = {
      signature,
      settled,
      now: { ...found, state: "checking" },
      sha256: undefined,
    };
    return entry;
  }

  /** Begins to check what is new, or of that the model `only` alone: it need not wait for the others. */
  async function scan(only?: string): Promise<void> {
    const seen = new Set<string>();
    for (const { found, signature } of await modelFiles(folder)) {
      seen.add(found.id);
      const isKnown = checks.get(found.id)?.signature === signature;
      if (isKnown || (only !== undefined && only !== found.id)) continue;
      checks.set(found.id, begin(found, signature));
    }
    for (const id of checks.keys()) if (!seen.has(id)) checks.delete(id);
  }

  async function find(id: string): Promise<SettledModel | undefined> {
    await scan(id);
    return checks.get(id)?.settled;
  }

  return {
    find,
    fileOf: (hash) => store.fileOf(hash),
    async list() {
      await scan();
      return [...checks.values()].map(({ now }) => now).sort((a, b) => (a.id < b.id ? -1 : 1));
    },
    async add(file, id) {
      const { size } = await stat(file);
      const target = join(folder, `${id}${MODEL_ENDING}`);
      const found: Found = { id, file: target, sizeBytes: size };
      const refusal = refuseUnseen(found, await parts.reserved());
      if (refusal !== undefined) return { ...found, state: "refused", reason: refusal };
      const adapted = await queue.add(() => store.adapt(file, orderOf(id), signal));
      const same = await find(id);
      if (same !== undefined && checks.get(id)?.sha256 === adapted.sha256) return same;
      if (same !== undefined) {
        throw new UpreelError("bad_request", `There is another model ${id}: delete it first`, {
          expected: "a name that no model has",
          got: id,
        });
      }
      if (adapted.outcome.outcome === "refused") return settle(found, adapted);
      await rename(file, target);
      return (await find(id)) ?? settle(found, adapted);
    },
    async remove(id) {
      await scan(id);
      const entry = checks.get(id);
      if (entry === undefined) return false;
      await rm(entry.now.file, { force: true });
      checks.delete(id);
      // Others may be made of the same file, or not have been looked at yet.
      await scan();
      await Promise.all([...checks.values()].map(({ settled }) => settled));
      const kept = new Set([...checks.values()].map(({ sha256 }) => sha256 ?? ""));
      await queue.add(() => store.prune(kept));
      return true;
    },
  };
}

function settle(found: Found, { outcome, file, hash }: Adapted): SettledModel {
  if (outcome.outcome === "refused") return { ...found, state: "refused", reason: outcome.reason };
  const { parameters, ...form } = outcome.model;
  return { ...found, state: "ready", parameters, spec: { id: found.id, file, hash, ...form } };
}

/** What can be told without opening the file. */
function refuseUnseen({ id, sizeBytes }: Found, reserved: ReadonlySet<string>): Reason | undefined {
  const code = "model_unusable";
  if (reserved.has(id)) {
    return { code, message: `${id} is the name of a built-in model: rename the file` };
  }
  if (!isModelId(id)) {
    return {
      code,
      message: "The name of the file cannot be a model's id: rename it",
      expected: "letters, digits, dots, dashes and underscores, 100 at most",
      got: `${id}${MODEL_ENDING}`,
    };
  }
  if (sizeBytes <= LARGEST_MODEL_BYTES) return undefined;
  return {
    code,
    message: "The model file is too large",
    expected: `at most ${LARGEST_MODEL_BYTES / 2 ** 20} MiB`,
    got: `${Math.ceil(sizeBytes / 2 ** 20)} MiB`,
  };
}

async function modelFiles(folder: string): Promise<{ found: Found; signature: string }[]> {
  const names = await readdir(folder).catch(() => []);
  const models = names.filter((name) => name.endsWith(MODEL_ENDING) && !name.startsWith("."));
  const files = models.sort().map(async (name) => {
    const file = join(folder, name);
    const status = await stat(file).catch(() => undefined);
    if (status?.isFile() !== true) return [];
    const found: Found = { id: name.slice(0, -MODEL_ENDING.length), file, sizeBytes: status.size };
    return [{ found, signature: `${status.ino}:${status.size}:${status.mtimeMs}` }];
  });
  return (await Promise.all(files)).flat();
}
