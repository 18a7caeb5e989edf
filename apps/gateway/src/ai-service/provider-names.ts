import type { Provider } from "@upreel/core";

/** As ONNX Runtime names them in Python, which is what the plugin looks for. */
const NAMES: ReadonlyMap<string, string> = new Map<Provider, string>([
  ["tensorrt", "TensorrtExecutionProvider"],
  ["cuda", "CUDAExecutionProvider"],
  ["coreml", "CoreMLExecutionProvider"],
  ["dml", "DmlExecutionProvider"],
  ["webgpu", "WebGpuExecutionProvider"],
  ["cpu", "CPUExecutionProvider"],
]);

export const providerName = (provider: string): string => NAMES.get(provider) ?? provider;

/** What a session on this provider says of itself. Without one, as of a plain scaler, it has no providers. */
export function sessionFacts(provider: string | undefined) {
  if (provider === undefined || !NAMES.has(provider)) return { using_gpu: false, providers: [] };
  // What the first one cannot run goes to the next, and to the processor last.
  const inOrder = new Set([provider, ...(provider === "tensorrt" ? ["cuda"] : []), "cpu"]);
  return { using_gpu: provider !== "cpu", providers: [...inOrder].map(providerName) };
}
