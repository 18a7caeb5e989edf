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

/** Every node of the model: of its graph, of graphs inside nodes, of model-local functions. */
export function* nodesOf(model: ModelProto): Generator<NodeProto> {
  if (model.graph !== undefined) {
    for (const graph of graphsIn(model.graph)) yield* graph.node;
  }
  for (const local of model.functions) {
    yield* local.node;
    for (const graph of graphsInNodes(local.node)) yield* graph.node;
  }
}

/** Every stored tensor: initializers and attributes of nodes (Constant and the like). */
export function* tensorsOf(model: ModelProto): Generator<TensorProto> {
  if (model.graph !== undefined) {
    for (const graph of graphsIn(model.graph)) {
      yield* graph.initializer;
      for (const sparse of graph.sparseInitializer) {
        if (sparse.values !== undefined) yield sparse.values;
      }
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
