import type { ChannelOrder, PreparedModel } from "@upreel/core";
import { adaptModel } from "../graph/adapt-model.ts";
import { describeModel } from "../graph/describe-model.ts";
import type { ModelDescription } from "../graph/model-description.ts";
import type { ModelFacts } from "../graph/model-facts.ts";
import { proveModel } from "../graph/prove-model.ts";
import { refuseModel } from "../graph/refuse-model.ts";
import { testPicture, type Planes } from "../graph/test-picture.ts";
import { addChroma } from "./add-chroma.ts";
import { createProofSession, type ProofSession } from "./proof-session.ts";
import { measureGrowth } from "./working-memory.ts";

/** What an import gives. */
export interface Prepared {
  /** ONNX: `x` to `y`, planes of bytes, any size. */
  readonly bytes: Uint8Array;
  readonly model: PreparedModel;
}

export interface PrepareOptions {
  /** Order of the channels of a network on three colours, which no trial can tell; default `rgb`. */
  readonly order?: ChannelOrder | undefined;
  readonly signal: AbortSignal;
}

/** Odd, so that a network that only takes even sizes shows it; large enough to measure memory by. */
const TRIAL = { width: 191, height: 193 } as const;

/**
 * Makes of an ONNX super-resolution network one that the inference threads can run, and proves it by
 * running it. Throws `model_unusable`, with the reason in words for the model's user. Blocks its thread
 * for seconds and may exhaust memory: for a process of its own.
 */
export async function prepareModel(
  bytes: Uint8Array,
  { order, signal }: PrepareOptions,
): Promise<Prepared> {
  const description = describeModel(bytes);
  await using session = createProofSession();
  const facts = await proveModel(bytes, description, session.run, { order, signal });
  refuseFixed(description, facts);
  const { scale } = facts;
  const adapted = adaptModel(bytes, description, facts);
  const isPlainLuma = description.kind === "luma" && scale === 2;
  const isWrapped = description.kind === "luma" && !isPlainLuma;
  const model = isWrapped ? addChroma(adapted, scale) : adapted;
  const bytesPerPixel = await tryOut(
    session,
    model,
    { channels: isPlainLuma ? 1 : 3, scale },
    signal,
  );
  return {
    bytes: model,
    model: {
      kind: isPlainLuma ? "luma" : "planes",
      pixelFormat: description.kind === "luma" ? "yuv444p" : "gbrp",
      scale,
      parameters: description.parameters,
      ...(bytesPerPixel === undefined ? {} : { bytesPerPixel }),
    },
  };
}

function refuseFixed({ fixed }: ModelDescription, { isFreed }: ModelFacts): void {
  if (fixed === undefined || isFreed) return;
  const size = `${fixed.width}×${fixed.height}`;
  refuseModel(
    `The network takes pictures of ${size} pixels only; cutting films into such tiles is not built yet`,
    {
      expected: "a network for any size (torch.onnx.export with dynamic_axes for height and width)",
      got: `a fixed size of ${size} pixels`,
    },
  );
}

/** Runs the finished model once; the bytes of memory that it takes for each pixel of its input. */
async function tryOut(
  session: ProofSession,
  model: Uint8Array,
  form: { readonly channels: number; readonly scale: number },
  signal: AbortSignal,
): Promise<number | undefined> {
  const { width, height } = TRIAL;
  await session.load(model);
  const picture = testPicture(form.channels, height, width);
  let output: Planes | undefined;
  const growth = await measureGrowth(async () => {
    output = await session.run(model, picture, signal);
  });
  const wanted = [1, form.channels, form.scale * height, form.scale * width].join(",");
  const got = output?.dims.join(",");
  if (got !== wanted) {
    refuseModel("The network does not give the size that its smaller pictures promised", {
      expected: `[${wanted}]`,
      got: `[${got}] from ${width}×${height} pixels`,
    });
  }
  return growth === undefined ? undefined : Math.max(1, Math.round(growth / (width * height)));
}
