import "../no-telemetry.ts";
import { UpreelError } from "@upreel/core/plain";
import { InferenceSession } from "onnxruntime-node";
import { sessionOptions } from "../providers/session-options.ts";

/** Loads a network as it was published. Throws `model_unusable`. */
export async function loadNetwork(
  file: string,
  { provider, threads }: { readonly provider: string; readonly threads: number },
): Promise<InferenceSession> {
  try {
    return await InferenceSession.create(file, sessionOptions(provider, threads));
  } catch (cause) {
    throw new UpreelError("model_unusable", `ONNX Runtime cannot load ${file}`, {
      expected: `a network for the provider ${provider}`,
      got: cause instanceof Error ? cause.message : String(cause),
      cause,
    });
  }
}

export interface NamedTensor {
  readonly name: string;
  readonly type: string;
  readonly dims: readonly (number | string)[];
}

/** Inputs or outputs of a network that are tensors. */
export const tensorsOf = (metadata: readonly InferenceSession.ValueMetadata[]): NamedTensor[] =>
  metadata.flatMap((each) =>
    each.isTensor ? [{ name: each.name, type: each.type, dims: each.shape }] : [],
  );

/** For messages: `input float32 [1,3,512,512]`. */
export const describeTensors = (tensors: readonly NamedTensor[]): string =>
  tensors.map(({ name, type, dims }) => `${name} ${type} [${dims.join(",")}]`).join("; ") || "none";
