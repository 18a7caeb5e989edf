import type { InferenceSession } from "onnxruntime-node";

/**
 * Options of a session on `provider`. One intra-op thread: frames run in parallel instead, which keeps
 * every core busy without a barrier per layer. More for single pictures, which somebody waits for.
 */
export function sessionOptions(provider: string, threads = 1): InferenceSession.SessionOptions {
  return {
    // TensorRT compiles what it can; the rest belongs on the same GPU, not on the CPU.
    executionProviders: provider === "tensorrt" ? ["tensorrt", "cuda"] : [provider],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: "sequential",
    graphOptimizationLevel: "all",
    logSeverityLevel: 3,
    // A third less memory at the same speed (docs/performance.md).
    enableMemPattern: false,
    // Threads that wait for each other in a loop take the time that others need: three times as much under load.
    ...(threads > 1 && { extra: { session: { intra_op: { allow_spinning: "0" } } } }),
  };
}

/** Whether all inference threads of a process share the provider's one device. */
export const isGpu = (provider: string): boolean => provider !== "cpu" && provider !== "ffmpeg";
