import { UpreelError } from "@upreel/core/plain";
import { Tensor, type InferenceSession } from "onnxruntime-node";
import type { Rgb } from "./cut-face.ts";
import { describeTensors, loadNetwork, tensorsOf, type NamedTensor } from "./load-network.ts";

/** Restores a face that lies as in the template. */
export interface FaceRestorer {
  /** Side of the square that it takes and gives. */
  readonly size: number;
  /** RGB of 0 to 255. Throws `inference_failed` where the answer is no picture. */
  restore(face: Rgb): Promise<Rgb>;
  release(): Promise<void>;
}

/** CodeFormer's second input: 0 invents most, 1 stays closest to what is there; films want the same face in each frame. */
const FIDELITY = 0.7;
const DEFAULT_SIZE = 512;

/**
 * GFPGAN, RestoreFormer++, GPEN, CodeFormer and others of their form: RGB of −1 to 1, [1,3,size,size] in and out; a second
 * input of one number is the fidelity. Throws `model_unusable` for any other network.
 */
export async function loadFaceRestorer(
  file: string,
  options: Parameters<typeof loadNetwork>[1],
): Promise<FaceRestorer> {
  const session = await loadNetwork(file, options);
  const { input, weights, output, size } = formOf(session, file);
  const pixels = size * size;
  const fixed = Object.fromEntries(weights.map((each) => [each.name, fidelityTensor(each)]));
  return {
    size,
    async restore(face) {
      const x = new Tensor("float32", toPlanes(face, pixels), [1, 3, size, size]);
      const answers = await session.run({ ...fixed, [input.name]: x }, [output]);
      const { data } = answers[output] ?? {};
      if (data instanceof Float32Array && data.length === 3 * pixels)
        return fromPlanes(data, pixels);
      throw notAPicture(`${3 * pixels} numbers`, `${data?.length ?? 0}`);
    },
    release: () => session.release(),
  };
}

function formOf(session: InferenceSession, file: string) {
  const inputs = tensorsOf(session.inputMetadata);
  const outputs = tensorsOf(session.outputMetadata);
  const input = inputs.find(isPicture);
  const weights = inputs.filter((each) => each !== input);
  const output = outputs.find(isPicture)?.name;
  const size = input === undefined ? undefined : sizeOf(input);
  if (input && output !== undefined && size !== undefined && weights.every(isOneNumber))
    return { input, weights, output, size };
  throw new UpreelError("model_unusable", `${file} is not a face restorer that Upreel can use`, {
    expected:
      "one input and one output float32 [1,3,512,512] (or another square), and at most a weight of one number",
    got: `inputs ${describeTensors(inputs)}; outputs ${describeTensors(outputs)}`,
  });
}

const isPicture = ({ type, dims }: NamedTensor): boolean =>
  type === "float32" && dims.length === 4 && (dims[1] === 3 || typeof dims[1] === "string");

const isOneNumber = ({ type, dims }: NamedTensor): boolean =>
  (type === "float32" || type === "float64") &&
  dims.every((dim) => dim === 1 || typeof dim === "string");

/** Undefined where it is no square, or one of an odd size. */
function sizeOf({ dims: [, , height, width] }: NamedTensor): number | undefined {
  const [down, across] = [height, width].map((dim) =>
    typeof dim === "number" && dim > 0 ? dim : DEFAULT_SIZE,
  );
  const isUsable = down === across && down !== undefined && down % 8 === 0 && down <= 2_048;
  return isUsable ? down : undefined;
}

function fidelityTensor({ type, dims }: NamedTensor): Tensor {
  const shape = dims.map(() => 1);
  return type === "float64"
    ? new Tensor("float64", Float64Array.of(FIDELITY), shape)
    : new Tensor("float32", Float32Array.of(FIDELITY), shape);
}

function toPlanes(rgb: Rgb, pixels: number): Float32Array {
  const planes = new Float32Array(3 * pixels);
  for (let i = 0, at = 0; i < pixels; i++, at += 3) {
    for (let k = 0; k < 3; k++) planes[k * pixels + i] = (rgb[at + k] ?? 0) / 127.5 - 1;
  }
  return planes;
}

function fromPlanes(planes: Float32Array, pixels: number): Rgb {
  const rgb = new Float32Array(3 * pixels);
  for (let k = 0; k < 3; k++) {
    for (let i = 0; i < pixels; i++) {
      const value = planes[k * pixels + i] ?? NaN;
      if (!Number.isFinite(value)) throw notAPicture("numbers from −1 to 1", String(value));
      rgb[3 * i + k] = (Math.min(1, Math.max(-1, value)) + 1) * 127.5;
    }
  }
  return rgb;
}

const notAPicture = (expected: string, got: string): UpreelError =>
  new UpreelError("inference_failed", "The face restorer gave no picture", { expected, got });
