import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { UpreelError, type ModelEntry } from "@upreel/core";
import { callerFolder, loadConfig } from "../config.ts";
import { openModels } from "../open-models.ts";
import { untilSignalled } from "../shutdown.ts";

/** `upreel models`: the chosen one has a star. Tries out those that are new in MODELS_DIR. */
export async function listModels(): Promise<void> {
  const config = loadConfig();
  const { catalogue, models } = await openModels(config, untilSignalled());
  for (const { id, state } of await models.list()) {
    // Shown below with its reason.
    if (state === "checking") await catalogue.find(id).catch(() => undefined);
  }
  console.log(line("auto", config.model, "any", "the best model that keeps up on this machine"));
  for (const model of await models.list()) console.log(modelLine(model, config.model));
}

/** `upreel models import <file>`. */
export async function importModel(file: string): Promise<void> {
  const path = resolve(callerFolder(), file);
  if ((await stat(path).catch(() => undefined))?.isFile() !== true)
    throw new UpreelError("source_missing", `no such file: ${path}`);
  const config = loadConfig();
  const { models } = await openModels(config, untilSignalled());
  const { id, scale } = await models.importFile(path);
  console.log(`${id} (×${scale}) is in ${config.modelsDir}; use it with MODEL=${id}`);
}

function modelLine(model: ModelEntry, chosen: string): string {
  const { id, state, scale, description, megapixels_per_second: speed } = model;
  if (state === "refused") return line(id, chosen, "no", `refused: ${description}`);
  const factor = scale === null ? "any" : `×${scale}`;
  const measured = speed === null ? "" : `; ${speed.toPrecision(2)} Mpx/s a thread`;
  return line(id, chosen, factor, `${description}${measured}`);
}

const line = (id: string, chosen: string, factor: string, text: string): string =>
  `${id === chosen ? "*" : " "} ${id.padEnd(24)} ${factor.padEnd(4)} ${text}`;
