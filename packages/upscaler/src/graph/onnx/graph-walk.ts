import type { AttributeProto, GraphProto, ModelProto, NodeProto, TensorProto } from "./onnx-pb.ts";

const attributeGraphs = (attribute: AttributeProto): readonly GraphProto[] =>
  attribute.g === undefined ? attribute.graphs : [attribute.g, ...attribute.graphs];

/** `graph` and the graphs inside its nodes (If, Loop, Scan), outer ones first. */
export function* graphsIn(graph: GraphProto): Generator<GraphProto> {
  yield graph;
  yield* graphsInNodes(graph.node);
}

function* graphsInNodes(nodes: readonly NodeProto[]): Generator<GraphProto> {
  for (const node of nodes) {
    for (const attribute of node.attribute) {
      for (const inner of attributeGraphs(attribute)) yield* graphsIn(inner);
    }
  }
}

/** Every graph of the model: its own, those inside nodes, those inside model-local functions. */
export function* graphsOf(model: ModelProto): Generator<GraphProto> {
  if (model.graph !== undefined) yield* graphsIn(model.graph);
  for (const local of model.functions) yield* graphsInNodes(local.node);
}

/** Every node of the model, those of model-local functions too. */
export function* nodesOf(model: ModelProto): Generator<NodeProto> {
  for (const graph of graphsOf(model)) yield* graph.node;
  for (const local of model.functions) yield* local.node;
}

/** Every stored tensor: initializers and attributes of nodes (Constant and the like). */
export function* tensorsOf(model: ModelProto): Generator<TensorProto> {
  for (const graph of graphsOf(model)) {
    yield* graph.initializer;
    for (const sparse of graph.sparseInitializer) {
      if (sparse.values !== undefined) yield sparse.values;
    }
  }
  for (const node of nodesOf(model)) {
    for (const attribute of node.attribute) {
      if (attribute.t !== undefined) yield attribute.t;
      yield* attribute.tensors;
    }
  }
}

/** The `default` domain has two names. */
export const isStandardDomain = (domain: string): boolean => domain === "" || domain === "ai.onnx";
