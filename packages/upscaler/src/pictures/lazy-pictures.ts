import type { Rung } from "@upreel/core";
import type { PictureNetwork } from "./picture-network.ts";

/** openPictureNetwork, loaded when it is called: the gateway imports this package without ONNX Runtime. */
export async function openPictureNetwork(rung: Rung, threads: number): Promise<PictureNetwork> {
  const loaded = await import("./picture-network.ts");
  return loaded.openPictureNetwork(rung, threads);
}
