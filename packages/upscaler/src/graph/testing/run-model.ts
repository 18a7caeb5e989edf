import { InferenceSession, Tensor } from "onnxruntime-node";
import type { Planes } from "../prove/test-picture.ts";

const OPTIONS: InferenceSession.SessionOptions = {
  executionProviders: ["cpu"],
  intraOpNumThreads: 1,
  // Only what is fatal: tests load broken models on purpose.
  logSeverityLevel: 4,
};

/** Runs an adapted model: `x` in, `y` out. */
export async function runPlanes(model: Uint8Array, input: Planes): Promise<Planes> {
  const session = await InferenceSession.create(model, OPTIONS);
  try {
    const { y } = await session.run({ x: new Tensor("uint8", input.data, input.dims) });
    if (y === undefined || !(y.data instanceof Uint8Array)) throw new Error("y is not uint8");
    return { data: y.data, dims: y.dims };
  } finally {
    await session.release();
  }
}

export interface Floats {
  readonly data: Float32Array;
  readonly dims: readonly number[];
}

/** Runs a model as its author made it: its one float32 input to its first output. */
export async function runFloats(model: Uint8Array, input: Floats): Promise<Floats> {
  const session = await InferenceSession.create(model, OPTIONS);
  try {
    const [from = "", to = ""] = [session.inputNames[0], session.outputNames[0]];
    const output = (await session.run({ [from]: new Tensor("float32", input.data, input.dims) }))[
      to
    ];
    if (output === undefined || !(output.data instanceof Float32Array)) {
      throw new Error(`${to} is not float32`);
    }
    return { data: output.data, dims: output.dims };
  } finally {
    await session.release();
  }
}
