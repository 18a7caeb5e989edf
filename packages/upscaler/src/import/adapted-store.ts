import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { importOutcomeSchema, toReason, type ChannelOrder, type ImportOutcome } from "@upreel/core";

/**
 * Makes of the model in `source` one that can be run, as the file `target`. Its process may die or take
 * too long: then it rejects with another code than `model_unusable`.
 */
export type PrepareFile = (
  source: string,
  target: string,
  options: { readonly order: ChannelOrder; readonly signal: AbortSignal },
) => Promise<ImportOutcome>;

/** What became of one model file. */
export interface Adapted {
  readonly outcome: ImportOutcome;
  /** Of what it was made of. */
  readonly sha256: string;
  /** Names the model as it is run. */
  readonly hash: string;
  /** The model as it is run, when the outcome is `prepared`. */
  readonly file: string;
}

/** Adapted models on disk, by the hash of what they were made of: each is made once. */
export interface AdaptedStore {
  adapt(source: string, order: ChannelOrder, signal: AbortSignal): Promise<Adapted>;
  /** Where the model with this hash lies, if it was made; undefined: no adapted model can have it. */
  fileOf(hash: string): string | undefined;
  /** Deletes all but those of these hashes. */
  prune(keep: ReadonlySet<string>): Promise<void>;
}

/** Part of the file names: a newer Upreel that adapts in another way makes all anew. */
const MAKE = 3;
/** Whoever names a model may be another machine: the name is part of a path. */
const HASH = /^[0-9a-f]{64}\.\d+$/;

export function createAdaptedStore(folder: string, prepare: PrepareFile): AdaptedStore {
  const pathOf = (sha256: string, ending: string): string =>
    join(folder, `${sha256}.${MAKE}${ending}`);

  async function known(sha256: string): Promise<ImportOutcome | undefined> {
    const text = await readFile(pathOf(sha256, ".json"), "utf8").catch(() => "null");
    const parsed = importOutcomeSchema.safeParse(parseJson(text));
    if (!parsed.success) return undefined;
    if (parsed.data.outcome === "refused") return parsed.data;
    const found = await stat(pathOf(sha256, ".onnx")).catch(() => undefined);
    return found === undefined ? undefined : parsed.data;
  }

  async function make(
    source: string,
    sha256: string,
    options: Parameters<PrepareFile>[2],
  ): Promise<ImportOutcome> {
    const { signal } = options;
    // One by one: of a path on a read-only disk Node's `recursive` says that it does not exist.
    for (const path of [dirname(folder), folder]) await mkdir(path).catch(unlessThere);
    // Another process, such as the command line, may be at the same model.
    const part = pathOf(sha256, `.${randomUUID()}.part`);
    let hasAnswered = true;
    try {
      const outcome = await prepare(source, part, options).catch(
        (thrown: unknown): ImportOutcome => {
          signal.throwIfAborted();
          hasAnswered = false;
          return { outcome: "refused", reason: toReason(thrown) };
        },
      );
      if (outcome.outcome === "prepared") await rename(part, pathOf(sha256, ".onnx"));
      // Time or memory that was wanting today may be there tomorrow.
      const isRefused = outcome.outcome === "refused";
      if (!isRefused || (hasAnswered && outcome.reason.code === "model_unusable")) {
        await writeFile(part, JSON.stringify(outcome), { flush: true });
        await rename(part, pathOf(sha256, ".json"));
      }
      return outcome;
    } finally {
      await rm(part, { force: true });
    }
  }

  return {
    async adapt(source, order, signal) {
      const sha256 = await hashModel(source, order, signal);
      const outcome = (await known(sha256)) ?? (await make(source, sha256, { order, signal }));
      return { outcome, sha256, hash: `${sha256}.${MAKE}`, file: pathOf(sha256, ".onnx") };
    },
    fileOf: (hash) => (HASH.test(hash) ? join(folder, `${hash}.onnx`) : undefined),
    async prune(keep) {
      const names = await readdir(folder).catch(() => []);
      for (const name of names) {
        const [sha256 = ""] = name.split(".");
        if (!keep.has(sha256)) await rm(join(folder, name), { force: true });
      }
    },
  };
}

function unlessThere(error: unknown): void {
  if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Of the file, and of what else changes what is made of it. */
async function hashModel(file: string, order: ChannelOrder, signal: AbortSignal): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash, { signal, end: false });
  if (order !== "rgb") hash.update(order);
  hash.update(await secondFiles(dirname(file)));
  return hash.digest("hex");
}

/** Names, sizes and times of the files in the folder that may hold a model's weights. */
async function secondFiles(folder: string): Promise<string> {
  const names = (await readdir(folder)).filter((name) => /[._]data$/.test(name)).sort();
  const seen = names.map(async (name) => {
    const { size, mtimeMs } = await stat(join(folder, name));
    return `${name} ${size} ${mtimeMs}`;
  });
  return (await Promise.all(seen)).join();
}
