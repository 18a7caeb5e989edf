import type { ChannelOrder, PreparedModel } from "@upreel/core";
import { adaptModel } from "../graph/adapt-model.ts";
import { describeModel } from "../graph/describe/describe-model.ts";
import type { ModelDescription } from "../graph/model-description.ts";
import type { ModelFacts, SizeRule } from "../graph/model-facts.ts";
import { proveModel } from "../graph/prove/prove-model.ts";
import { refuseModel } from "../graph/refuse-model.ts";
import { obeys } from "../graph/size-rule.ts";
import { testPicture, type Planes } from "../graph/prove/test-picture.ts";
import { addChroma } from "./add-chroma.ts";
import { findHalo } from "../frames/find-halo.ts";
import { measureHalo } from "./measure-halo.ts";
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

/** Tiles start at even pixels at least. */
const BLOCK = 2;
/** What halos are measured with where any size is taken. */
const HALO_SIDE = 128;

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
  const { scale } = facts;
  const adapted = adaptModel(bytes, description, facts);
  const isPlainLuma = description.kind === "luma" && scale === 2;
  const isWrapped = description.kind === "luma" && !isPlainLuma;
  const fixed = fixedSize(description, facts);
  if (fixed !== undefined && isWrapped && fixed.trim + fixed.trimEnd > 0) refuseTrimmedLuma(scale);
  const model = isWrapped ? addChroma(adapted, scale) : adapted;
  const channels = isPlainLuma ? 1 : 3;
  const rule = fixed === undefined ? { scale, trim: 0, trimEnd: 0 } : { scale, ...fixed };
  // First, so that the memory that it takes is new.
  const bytesPerPixel = await tryOut(
    session,
    model,
    { channels, rule, ...(fixed ?? TRIAL) },
    signal,
  );
  const size = fixed ?? { width: HALO_SIDE, height: HALO_SIDE };
  // Off the graph where that can be read: then tiles give the very bits of the whole.
  const exact = fixed === undefined ? await findHalo(model, { channels, scale }, BLOCK) : undefined;
  const halo =
    exact ?? (await measureHalo({ model, channels, rule, ...size }, session.run, signal));
  return {
    bytes: model,
    model: {
      kind: isPlainLuma ? "luma" : "planes",
      pixelFormat: description.kind === "luma" ? "yuv444p" : "gbrp",
      scale,
      parameters: description.parameters,
      halo,
      ...(fixed === undefined ? {} : { fixed }),
      ...(bytesPerPixel === undefined ? {} : { bytesPerPixel }),
    },
  };
}

/** The size that the network is bound to and what it loses at its borders; undefined when it takes any. */
function fixedSize(
  { fixed }: ModelDescription,
  { isFreed, trim, trimEnd }: ModelFacts,
): PreparedModel["fixed"] {
  if (fixed === undefined || isFreed) return undefined;
  return { width: fixed.width, height: fixed.height, trim, trimEnd };
}

const refuseTrimmedLuma = (scale: number): never =>
  refuseModel(`A luma network ×${scale} of fixed size must not lose pixels at its borders`, {
    expected: "an output of the whole input enlarged, or a network ×2, or of any size",
    got: "a smaller output",
  });

interface Form {
  readonly channels: number;
  readonly rule: SizeRule;
  readonly width: number;
  readonly height: number;
}

/** Runs the finished model once; the bytes of memory that it takes for each pixel of its input. */
async function tryOut(
  session: ProofSession,
  model: Uint8Array,
  { channels, rule, width, height }: Form,
  signal: AbortSignal,
): Promise<number | undefined> {
  await session.load(model);
  const picture = testPicture(channels, height, width);
  let output: Planes | undefined;
  const growth = await measureGrowth(async () => {
    output = await session.run(model, picture, signal);
  });
  const [, gotChannels, outHeight = 0, outWidth = 0] = output?.dims ?? [];
  const isAsPromised =
    gotChannels === channels &&
    obeys(rule, { before: height, after: outHeight }) &&
    obeys(rule, { before: width, after: outWidth });
  if (!isAsPromised) {
    refuseModel("The network does not give the size that its smaller pictures promised", {
      expected: `${channels} planes of ${width}×${height} pixels ×${rule.scale}`,
      got: `[${output?.dims.join(",")}] from ${width}×${height} pixels`,
    });
  }
  return growth === undefined ? undefined : Math.max(1, Math.round(growth / (width * height)));
}
