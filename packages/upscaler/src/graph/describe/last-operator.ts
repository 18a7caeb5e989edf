import type { GraphProto } from "../onnx/onnx-pb.ts";

/** Operators that move values and leave them what they are, or but cut them off. */
const MOVES = new Set(
  "Cast Clip DepthToSpace Identity Reshape Slice Squeeze Transpose Unsqueeze".split(" "),
);

/** The operator that made the values of `output`, wherever they have been moved since. */
export function lastOperator(graph: GraphProto, output: string): string | undefined {
  let value = output;
  // Nodes stand in the order in which they run; a damaged file's do not, so this must not follow circles.
  for (const node of graph.node.toReversed()) {
    if (!node.output.includes(value)) continue;
    if (!MOVES.has(node.opType)) return node.opType;
    value = node.input[0] ?? "";
  }
  return undefined;
}
