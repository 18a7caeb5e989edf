import { readdir } from "node:fs/promises";
import type { Config } from "./config.ts";

/** A model that may be asked for by its id. */
export interface ModelEntry {
  readonly id: string;
  readonly description: string;
}

/** Built-in models, then the ONNX files in MODELS_DIR. */
export async function listModels(config: Config): Promise<readonly ModelEntry[]> {
  const files = await readdir(config.modelsDir).catch(() => []);
  return [
    { id: "auto", description: "the best model that keeps up on this machine" },
    ...files
      .filter((name) => name.endsWith(".onnx"))
      .map((name) => ({
        id: name.slice(0, -".onnx".length),
        description: `${config.modelsDir}/${name}`,
      })),
    { id: "lanczos", description: "plain scaling without a network, the last resort" },
  ];
}
