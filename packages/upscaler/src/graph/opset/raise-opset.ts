import { graphsIn, isStandardDomain } from "../onnx/graph-walk.ts";
import type { GraphProto, ModelProto, NodeProto } from "../onnx/onnx-pb.ts";
import { REWRITES, UNCHANGED } from "./opset-changes.ts";
import { opsetOf } from "../check-operators.ts";
import { refuseModel } from "../refuse-model.ts";
import type { FreshName } from "../onnx/value-names.ts";

/**
 * Moves the standard operators of a model up to set `target` (at most 11), in place, unless it is there
 * already. Throws `model_unusable` for an old model with operators whose changes are not known here.
 */
export function raiseOpset(
  model: ModelProto,
  graph: GraphProto,
  target: number,
  freshName: FreshName,
): void {
  const from = opsetOf(model);
  if (from >= target) return;
  for (const inner of graphsIn(graph)) {
    for (const node of inner.node) {
      if (isStandardDomain(node.domain)) raiseNode(node, { from, target, graph, freshName });
    }
  }
  for (const used of model.opsetImport) {
    if (isStandardDomain(used.domain)) used.version = BigInt(target);
  }
}

function raiseNode(
  node: NodeProto,
  context: { from: number; target: number; graph: GraphProto; freshName: FreshName },
): void {
  if (UNCHANGED.has(node.opType)) return;
  const rewrites = REWRITES[node.opType];
  if (rewrites === undefined) {
    refuseModel(`The model is of operator set ${context.from}, too old for one of its operators`, {
      expected: `operator set ${context.target} or later (onnx.version_converter can raise it)`,
      got: `${node.opType} of operator set ${context.from}`,
    });
  }
  for (const { since, rewrite } of rewrites) {
    if (context.from < since && since <= context.target) rewrite(node, context);
  }
}
