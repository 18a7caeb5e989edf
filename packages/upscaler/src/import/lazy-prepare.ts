import type { Prepared, PrepareOptions } from "./prepare-model.ts";

/** prepareModel, loaded when it is called: the gateway imports this package without ONNX Runtime. */
export async function prepareModel(bytes: Uint8Array, options: PrepareOptions): Promise<Prepared> {
  const loaded = await import("./prepare-model.ts");
  return loaded.prepareModel(bytes, options);
}
