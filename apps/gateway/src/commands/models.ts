import { loadConfig } from "../config.ts";
import { listModels } from "../models.ts";

/** `upreel models`: the chosen one has a star. */
export async function models(): Promise<void> {
  const { model } = loadConfig();
  const auto = {
    id: "auto",
    scale: null,
    description: "the best model that keeps up on this machine",
  };
  for (const { id, scale, description } of [auto, ...(await listModels())]) {
    const factor = scale === null ? "any" : `×${scale}`;
    console.log(`${id === model ? "*" : " "} ${id.padEnd(24)} ${factor.padEnd(4)} ${description}`);
  }
}
