import { UpreelError, type Rung } from "@upreel/core";
import { InferenceSession, Tensor } from "onnxruntime-node";

/** One loaded network in one thread. */
export interface Session {
  /** Runs `input` into `output`; both hold exactly the bytes of their dims. Blocks the thread. */
  run(input: Tensor, output: Tensor): Promise<void>;
  release(): Promise<void>;
}

/**
 * Loads a network that takes `x` and gives `y`, both uint8. One intra-op thread: frames run in
 * parallel instead, which keeps every core busy without a barrier per layer.
 */
export async function loadSession(rung: Rung): Promise<Session> {
  let session: InferenceSession;
  try {
    session = await InferenceSession.create(rung.model.file, {
      executionProviders: [rung.provider],
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      executionMode: "sequential",
      graphOptimizationLevel: "all",
      logSeverityLevel: 3,
      // A third less memory at the same speed (docs/performance.md).
      enableMemPattern: false,
    });
  } catch (cause) {
    throw new UpreelError("model_unusable", `ONNX Runtime cannot load ${rung.model.file}`, {
      expected: `a network for the provider ${rung.provider}`,
      got: cause instanceof Error ? cause.message : String(cause),
      cause,
    });
  }
  return {
    async run(input, output) {
      await session.run({ x: input }, { y: output });
    },
    release: () => session.release(),
  };
}

export const byteTensor = (bytes: Uint8Array, dims: readonly number[]): Tensor =>
  new Tensor("uint8", bytes, [...dims]);
