import "../no-telemetry.ts";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { influenceModel } from "../graph/influence-model.ts";

export interface ModelForm {
  /** Planes that go in, and come out `scale` times as large. */
  readonly channels: number;
  readonly scale: number;
}

/** Sides of the pictures that are tried; a halo must be less than a quarter of one. */
const SIDES = [64, 128, 256] as const;

/**
 * How many input pixels around a part of a picture its result depends on, exactly: from the graph, not
 * from its numbers. Parts begin and end at multiples of `align`: a network that makes 2×2 pixels at a
 * time needs less for them than for any other. A multiple of `align`, or undefined where it is
 * unknown, the whole picture, or so much that parts are not worth while.
 */
export async function findHalo(
  model: Uint8Array,
  form: ModelForm,
  align: number,
): Promise<number | undefined> {
  const influence = influenceModel(model);
  if (influence === undefined) return undefined;
  const session = await loadInfluence(influence);
  if (session === undefined) return undefined;
  try {
    for (const side of SIDES) {
      // Two phases, for networks that work in blocks of more than `align`.
      const first = await reachOf(session, { ...form, side, frame: align });
      const second = await reachOf(session, { ...form, side, frame: 2 * align });
      const halo = Math.ceil(Math.max(first, second) / align) * align;
      if (halo < side / 4) return halo;
    }
    return undefined;
  } finally {
    await session.release();
  }
}

/** Undefined for a network that uses an operator in a way that makes no sense without its numbers. */
const loadInfluence = (model: Uint8Array): Promise<InferenceSession | undefined> =>
  InferenceSession.create(model, {
    executionProviders: ["cpu"],
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    logSeverityLevel: 4,
  }).catch(() => undefined);

interface Trial extends ModelForm {
  readonly side: number;
  /** Width of the frame that is painted around an empty picture. */
  readonly frame: number;
}

/** How many pixels into the empty middle anything of the frame reaches; `side` for no picture at all. */
async function reachOf(
  session: InferenceSession,
  { channels, scale, side, frame }: Trial,
): Promise<number> {
  const inside = (at: number): number => Math.min(at, side - 1 - at) - frame;
  const picture = new Float32Array(channels * side * side);
  for (let at = 0; at < picture.length; at++) {
    const [x, y] = [at % side, Math.floor(at / side) % side];
    picture[at] = inside(x) < 0 || inside(y) < 0 ? 1 : 0;
  }
  const [input = "", output = ""] = [session.inputNames[0], session.outputNames[0]];
  const dims = [1, channels, side, side];
  const results = await session
    .run({ [input]: new Tensor("float32", picture, dims) })
    .catch(() => undefined);
  const influenced = results?.[output]?.data as Float32Array | undefined;
  if (influenced?.length !== channels * scale * scale * side * side) return side;
  let reach = 0;
  for (let at = 0; at < influenced.length; at++) {
    if (influenced[at] === 0) continue;
    const x = Math.floor((at % (scale * side)) / scale);
    const y = Math.floor((Math.floor(at / (scale * side)) % (scale * side)) / scale);
    reach = Math.max(reach, Math.min(inside(x), inside(y)) + 1);
  }
  return reach;
}
