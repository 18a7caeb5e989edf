import "../no-telemetry.ts";
import { Tensor } from "onnxruntime-node";
import type { Planes } from "./tile-pixels.ts";

/** The bytes of a uint8 tensor [1,channels,height,width], in place. */
export function planesOf(tensor: unknown): Planes {
  if (!(tensor instanceof Tensor && tensor.data instanceof Uint8Array))
    throw new Error("the network's `y` is not uint8");
  const [, channels = 0, height = 0, width = 0] = tensor.dims;
  return { bytes: tensor.data, channels, height, width };
}
