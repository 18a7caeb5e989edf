import { open, readFile, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { tensorsOf } from "../graph/graph-walk.ts";
import { readOnnx, writeOnnx } from "../graph/onnx-file.ts";
import type { TensorProto } from "../graph/onnx-pb.ts";
import { refuseModel } from "../graph/refuse-model.ts";
import { LARGEST_MODEL_BYTES } from "./model-limits.ts";

/** TensorProto.DataLocation. */
const [INSIDE, EXTERNAL] = [0, 1];

/**
 * The bytes of a model file with its weights inside: those that it keeps in a second file in the same
 * folder (`model.onnx.data`) are taken in. Throws `model_unusable` when that is missing, elsewhere, or
 * too short, or when all is too large.
 */
export async function readModel(path: string): Promise<Uint8Array> {
  const { size } = await stat(path);
  if (size > LARGEST_MODEL_BYTES) {
    refuseModel("The model file is too large", {
      expected: `at most ${LARGEST_MODEL_BYTES / 2 ** 20} MiB`,
      got: `${Math.ceil(size / 2 ** 20)} MiB`,
    });
  }
  const bytes = await readFile(path);
  const { proto } = readOnnx(bytes);
  const outside = [...tensorsOf(proto)].filter(
    ({ dataLocation, externalData }) => dataLocation === EXTERNAL || externalData.length > 0,
  );
  if (outside.length === 0) return bytes;
  let total = bytes.length;
  for (const tensor of outside) {
    const weights = await readWeights(tensor, dirname(path), LARGEST_MODEL_BYTES - total);
    total += weights.length;
    tensor.rawData = weights;
    tensor.dataLocation = INSIDE;
    tensor.externalData = [];
  }
  return writeOnnx(proto);
}

async function readWeights(
  { name, externalData }: TensorProto,
  folder: string,
  mostBytes: number,
): Promise<Uint8Array> {
  const said = new Map(externalData.map(({ key, value }) => [key, value]));
  const location = said.get("location") ?? "";
  const file = join(folder, location);
  const size = await stat(file).then(
    (found) => (found.isFile() ? found.size : undefined),
    () => undefined,
  );
  // A model must not read files of its own choice.
  if (location === "" || basename(location) !== location || size === undefined) {
    return refuseModel("The weights of the model are in a second file", {
      expected:
        "both files in one folder, and that put into MODELS_DIR or imported by its path, or one with the weights inside (onnx.save with save_as_external_data=False)",
      got: `tensor ${name} in ${location === "" ? "an unnamed file" : location}`,
    });
  }
  const offset = Number(said.get("offset") ?? 0);
  const length = Number(said.get("length") ?? size - offset);
  const isInside = offset >= 0 && length >= 0 && offset + length <= size;
  if (!isInside || length > mostBytes) {
    return refuseModel(`The second file of the model, ${location}, does not hold its weights`, {
      expected: `tensor ${name} at ${offset}, at most ${LARGEST_MODEL_BYTES / 2 ** 20} MiB in all`,
      got: `${size} bytes`,
    });
  }
  await using handle = await open(file);
  const weights = new Uint8Array(length);
  await handle.read(weights, 0, length, offset);
  return weights;
}
