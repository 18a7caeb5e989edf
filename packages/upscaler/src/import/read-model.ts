import { constants } from "node:fs";
import { open, readFile, stat, type FileHandle } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { tensorsOf } from "../graph/onnx/graph-walk.ts";
import { readOnnx, writeOnnx } from "../graph/onnx/onnx-file.ts";
import type { TensorProto } from "../graph/onnx/onnx-pb.ts";
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
  await using file = await openBeside(folder, location);
  if (file === undefined) {
    return refuseModel("The weights of the model are in a second file", {
      expected:
        "both files (no links) in one folder, and that put into MODELS_DIR or imported by its path, or one with the weights inside (onnx.save with save_as_external_data=False)",
      got: `tensor ${name} in ${location === "" ? "an unnamed file" : location}`,
    });
  }
  const { size } = await file.stat();
  const offset = wholeNumber(said.get("offset") ?? "0");
  const length = wholeNumber(said.get("length") ?? String(size - (offset ?? 0)));
  const isInside = offset !== undefined && length !== undefined && offset + length <= size;
  if (!isInside || length > mostBytes) {
    return refuseModel(`The second file of the model, ${location}, does not hold its weights`, {
      expected: `tensor ${name} at ${said.get("offset") ?? 0}, ${said.get("length") ?? "all"} bytes, at most ${LARGEST_MODEL_BYTES / 2 ** 20} MiB in all`,
      got: `${size} bytes`,
    });
  }
  const weights = new Uint8Array(length);
  await file.read(weights, 0, length, offset);
  return weights;
}

/**
 * A file in the folder itself, open; undefined for anything else. A model must not read files of its own
 * choice: neither by a path nor through a link, and no pipe, which would be waited for.
 */
async function openBeside(folder: string, name: string): Promise<FileHandle | undefined> {
  if (name === "" || basename(name) !== name || name.includes("\0")) return undefined;
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
  const path = join(folder, name);
  const file = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK).catch(() => undefined);
  if (file === undefined || (await file.stat()).isFile()) return file;
  await file.close();
  return undefined;
}

/** Numbers of ONNX's external data are texts. */
const wholeNumber = (text: string): number | undefined =>
  /^\d{1,15}$/.test(text) ? Number(text) : undefined;
