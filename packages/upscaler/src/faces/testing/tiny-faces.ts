import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { FaceWork } from "@upreel/core";
import {
  floatTensor,
  int64Tensor,
  node,
  tinyModel,
  type TinyModel,
} from "../../graph/testing/tiny-models.ts";
import { templateOf } from "../similarity.ts";

/** Stand-ins for YuNet and for restorers, small enough to be written in a test and run by ONNX Runtime. */
const STRIDE = 8;
/** Side of the bright squares that are faces here, in pixels of the detector's picture. */
export const FACE_SIDE = 40;

/**
 * A detector for pictures of `side`: a face is where a square of `FACE_SIDE` is bright all over. Its landmarks lie as in
 * the template, of which the square is the middle half.
 */
export function tinyDetector(side = 128): Uint8Array {
  const cells = (side / STRIDE) ** 2;
  const rows = (values: readonly number[]): number[] =>
    Array.from({ length: cells }, () => [...values]).flat();
  // From the corner of a cell to the landmarks of a face around its middle.
  const points = templateOf(2 * FACE_SIDE).flatMap(({ x, y }) => [
    (x - FACE_SIDE) / STRIDE + 0.5,
    (y - FACE_SIDE) / STRIDE + 0.5,
  ]);
  const size = Math.log(FACE_SIDE / STRIDE);
  const model: TinyModel = {
    input: { name: "input", dims: [1, 3, side, side] },
    firstOutputs: [
      { name: "cls_8", dims: [1, cells, 1] },
      { name: "obj_8", dims: [1, cells, 1] },
      { name: "bbox_8", dims: [1, cells, 4] },
    ],
    output: { name: "kps_8", dims: [1, cells, 10] },
    nodes: [
      node("ReduceMean", "input", "grey", { axes: { ints: [1] }, keepdims: { int: 1 } }),
      node("AveragePool", "grey", "mean", {
        kernel_shape: { ints: [FACE_SIDE, FACE_SIDE] },
        strides: { ints: [STRIDE, STRIDE] },
        pads: { ints: [16, 16, 16, 16] },
        count_include_pad: { int: 1 },
      }),
      node("Mul", "mean share", "flat"),
      node("Reshape", "flat column", "near"),
      node("Sub", "near almost", "above"),
      node("Mul", "above steep", "cls_8"),
      node("Identity", "cls_8", "obj_8"),
      node("Identity", "boxes", "bbox_8"),
      node("Identity", "points", "kps_8"),
    ],
    weights: [
      floatTensor("share", [], [1 / 255]),
      floatTensor("almost", [], [0.7]),
      floatTensor("steep", [], [5]),
      int64Tensor("column", [1, cells, 1]),
      floatTensor("boxes", [1, cells, 4], rows([0.5, 0.5, size, size])),
      floatTensor("points", [1, cells, 10], rows(points)),
    ],
  };
  return tinyModel(model);
}

/** What a restorer makes of each value x, −1 to 1. */
export type Restoring = "darker" | "same" | "nothing" | "weighted";

/** `darker`: x − 0.5. `nothing`: 0 ÷ 0. `weighted`: x − w, of a second input as CodeFormer has it. */
export function tinyRestorer(how: Restoring, size = 128): Uint8Array {
  const dims = [1, 3, size, size];
  const other = how === "weighted" ? "weight" : "half";
  const nodes = {
    darker: [node("Sub", "input half", "output")],
    same: [node("Identity", "input", "output")],
    nothing: [node("Sub", "input input", "zero"), node("Div", "zero zero", "output")],
    weighted: [
      node("Cast", `${other}`, "number", { to: { int: 1 } }),
      node("Sub", "input number", "output"),
    ],
  }[how];
  return tinyModel({
    input: { name: "input", dims },
    output: { name: "output", dims },
    nodes,
    weights: how === "darker" ? [floatTensor("half", [], [0.5])] : [],
    moreInputs: how === "weighted" ? [{ name: "weight", type: "float64", dims: [1] }] : [],
  });
}

/** Both as files. */
export async function writeTinyFaces(
  folder: string,
  how: Restoring,
  strength = 1,
): Promise<FaceWork> {
  const detector = { id: "tiny-detector", hash: "d", file: join(folder, "detector.onnx") };
  const restorer = { id: how, hash: how, file: join(folder, `${how}.onnx`) };
  await writeFile(detector.file, tinyDetector());
  await writeFile(restorer.file, tinyRestorer(how));
  return { strength, provider: "cpu", detector, restorer };
}
