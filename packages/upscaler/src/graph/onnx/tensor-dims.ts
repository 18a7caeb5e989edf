import type { ValueInfoProto } from "./onnx-pb.ts";

/** One axis: its size, or undefined where any is taken (a name, -1, 0, or nothing said). */
export type Dim = number | undefined;

/** Axes of a graph input or output; undefined when the file does not even tell how many there are. */
export function dimsOf(value: ValueInfoProto): readonly Dim[] | undefined {
  if (value.type?.value.case !== "tensorType") return undefined;
  return value.type.value.value.shape?.dim.map(({ value: dim }) =>
    dim.case === "dimValue" && dim.value > 0n ? Number(dim.value) : undefined,
  );
}

/** 0 for what is not a tensor. */
export const elementCodeOf = (value: ValueInfoProto): number =>
  value.type?.value.case === "tensorType" ? value.type.value.value.elemType : 0;

export const formatDims = (dims: readonly Dim[] | undefined): string =>
  dims === undefined ? "unknown shape" : `[${dims.map((dim) => dim ?? "?").join(",")}]`;
