import { readdir, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { SingleBar } from "cli-progress";
import { UpreelError, type ModelEntry } from "@upreel/core";
import { callerFolder, loadConfig, type Config } from "../config.ts";
import { openModels } from "@upreel/engine";
import { createLocalJobs } from "@upreel/jobs";
import { untilSignalled } from "../shutdown.ts";

/** Speeds are told for this size of film: 640×360. */
const MEGAPIXELS_OF_360P = 0.2304;

/** What this command begins, it waits for itself. */
const openHere = async (config: Config) =>
  openModels(config, { signal: untilSignalled(), jobs: createLocalJobs() });

/** `upreel models`: the chosen one has a star. Tries out those that are new in MODELS_DIR. */
export async function listModels(): Promise<void> {
  const config = loadConfig();
  const { catalogue, models } = await openHere(config);
  for (const { id, state } of await models.list()) {
    // Shown below with its reason.
    if (state === "checking") await catalogue.find(id).catch(() => undefined);
  }
  console.log(
    line("auto", config.model, "any", "the best model that is fast enough for this computer"),
  );
  const all = await models.list();
  for (const model of all.filter(({ state }) => state !== "available"))
    console.log(modelLine(model, config.model));
  console.log("\nto download with `upreel models download <id>`:");
  for (const model of all.filter(({ state }) => state === "available"))
    console.log(modelLine(model, config.model));
}

/** `upreel models import <file or folder>`. */
export async function importModel(file: string): Promise<void> {
  const path = await findModelFile(resolve(callerFolder(), file));
  const config = loadConfig();
  const { models } = await openHere(config);
  tellReady(await models.importFile(path), config.modelsDir);
}

/** The file itself, or the one model in a folder, beside which its weights may lie. */
async function findModelFile(path: string): Promise<string> {
  const status = await stat(path).catch(() => undefined);
  if (status?.isFile() === true) return path;
  if (status?.isDirectory() !== true)
    throw new UpreelError("source_missing", `no such file or folder: ${path}`);
  const models = (await readdir(path)).filter((name) => name.endsWith(".onnx"));
  const [only, ...others] = models;
  if (only !== undefined && others.length === 0) return join(path, only);
  throw new UpreelError("bad_request", `this folder does not contain exactly one model: ${path}`, {
    expected: "one .onnx file; name the file itself if there are several",
    got: models.length === 0 ? "none" : models.join(", "),
  });
}

/** `upreel models download <id>`: resumes an interrupted one. */
export async function downloadModel(id: string): Promise<void> {
  const config = loadConfig();
  const { models } = await openHere(config);
  const { size_bytes: total } = await models.get(id);
  const bar = new SingleBar({ format: `${id} {bar} {percentage} %  {state}`, hideCursor: true });
  const unsubscribe = models.downloads.subscribe((_, { bytes, state }) =>
    bar.update(bytes, { state }),
  );
  bar.start(total, 0, { state: "downloading" });
  try {
    await models.download(id);
    const end = await models.downloads.whenDone(id);
    if (end?.reason) throw new UpreelError(end.reason.code, end.reason.message, end.reason);
  } finally {
    unsubscribe();
    bar.stop();
  }
  tellReady(await models.get(id), config.modelsDir);
}

/** `upreel models remove <id>`. */
export async function removeModel(id: string): Promise<void> {
  const { models } = await openHere(loadConfig());
  await models.remove(id);
  console.log(`deleted ${id}`);
}

const tellReady = ({ id, scale }: ModelEntry, folder: string): void =>
  console.log(`${id} (×${scale}) is now in ${folder}; to use it, set MODEL=${id}`);

function modelLine(model: ModelEntry, chosen: string): string {
  const { id, name, state, scale, description, megapixels_per_second: speed } = model;
  if (state === "refused") return line(id, chosen, "no", `refused: ${description}`);
  const factor = scale === null ? "any" : `×${scale}`;
  const measured =
    speed === null
      ? ""
      : `; about ${(speed / MEGAPIXELS_OF_360P).toFixed(0)} frames/s at 640×360 per core`;
  const shown = name === id ? description : `${name}: ${description}`;
  return line(id, chosen, factor, `${shown}${measured}`);
}

const line = (id: string, chosen: string, factor: string, text: string): string =>
  `${id === chosen ? "*" : " "} ${id.padEnd(32)} ${factor.padEnd(4)} ${text}`;
