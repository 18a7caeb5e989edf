import { toReason, UpreelError, type Measurement, type ModelSpec, type Rung } from "@upreel/core";
import { loadSession } from "../session.ts";
import { proveRung } from "./prove-rung.ts";
import { QUICK_LOOK, timeSession } from "./time-session.ts";

/**
 * Proves a network on a provider and times it there. `twin` is the fp32 version of an int8 network: it
 * must give nearly the same. Blocks its thread for about half a second, for slow networks some seconds,
 * and a bad driver may end the process: for a process of its own. Never rejects.
 */
export async function measureRung(rung: Rung, twin?: ModelSpec): Promise<Measurement> {
  try {
    const proof = await proveRung(rung, twin);
    const session = await loadSession(rung);
    try {
      return {
        outcome: "proven",
        megapixelsPerSecond: await timeSession(session, rung),
        ...proof,
      };
    } finally {
      await session.release();
    }
  } catch (thrown) {
    return { outcome: "refused", reason: toReason(asInferenceError(thrown, rung)) };
  }
}

/**
 * The same in some hundredths of a second, without a proof: to tell how fast a machine is. Never rejects.
 */
export async function measureQuickly(rung: Rung): Promise<Measurement> {
  try {
    const session = await loadSession(rung);
    try {
      const megapixelsPerSecond = await timeSession(session, rung, QUICK_LOOK);
      return { outcome: "proven", megapixelsPerSecond, likenessDb: null, nodes: {} };
    } finally {
      await session.release();
    }
  } catch (thrown) {
    return { outcome: "refused", reason: toReason(asInferenceError(thrown, rung)) };
  }
}

/** ONNX Runtime's own errors, by what they were about. */
function asInferenceError(thrown: unknown, { model, provider }: Rung): UpreelError {
  if (thrown instanceof UpreelError) return thrown;
  return new UpreelError("inference_failed", `The model ${model.id} does not run on ${provider}`, {
    got: thrown instanceof Error ? thrown.message : String(thrown),
    cause: thrown,
  });
}
