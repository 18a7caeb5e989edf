import { loadConfig } from "../config.ts";
import { listModels } from "../models.ts";

/** `upreel models` */
export async function models(): Promise<void> {
  const config = loadConfig();
  for (const { id, description } of await listModels(config))
    console.log(`${id === config.model ? "*" : " "} ${id.padEnd(28)} ${description}`);
}
