import "../no-telemetry.ts";
import { InferenceSession, Tensor } from "onnxruntime-node";
import type { RunPlanes } from "../graph/prove/proof-run.ts";
import type { Planes } from "../graph/prove/test-picture.ts";

/** Runs adapted models on the CPU; the last one stays loaded. */
export interface ProofSession extends AsyncDisposable {
  readonly run: RunPlanes;
  /** Loads `model` alone: what it needs after this is for running. */
  load(model: Uint8Array): Promise<void>;
}

/** Meant for a process of its own: a run blocks its thread and cannot be interrupted. */
export function createProofSession(): ProofSession {
  let loaded: { readonly model: Uint8Array; readonly session: InferenceSession } | undefined;

  async function unload(): Promise<void> {
    const last = loaded;
    loaded = undefined;
    await last?.session.release();
  }

  async function load(model: Uint8Array): Promise<InferenceSession> {
    if (loaded?.model === model) return loaded.session;
    await unload();
    const session = await InferenceSession.create(model, {
      executionProviders: ["cpu"],
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      // Only what is fatal: a model that does not run at one size is told in the report.
      logSeverityLevel: 4,
      enableMemPattern: false,
    });
    loaded = { model, session };
    return session;
  }

  return {
    load: async (model) => void (await load(model)),
    async run(model, input, signal): Promise<Planes> {
      const session = await load(model);
      signal.throwIfAborted();
      const { y } = await session.run({ x: new Tensor("uint8", input.data, [...input.dims]) });
      if (!(y?.data instanceof Uint8Array)) throw new Error("the output is not uint8");
      return { data: y.data, dims: y.dims };
    },
    [Symbol.asyncDispose]: unload,
  };
}
