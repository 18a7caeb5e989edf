import { isStandardDomain, nodesOf } from "./onnx/graph-walk.ts";
import type { ModelProto, NodeProto } from "./onnx/onnx-pb.ts";
import { refuseModel } from "./refuse-model.ts";

/** Domains besides the standard one whose operators ONNX Runtime itself has. */
const BUILT_IN_DOMAINS = new Set(["com.microsoft", "com.microsoft.nchwc", "ai.onnx.ml"]);

const qualifiedName = (node: NodeProto): string =>
  isStandardDomain(node.domain) ? node.opType : `${node.domain}.${node.opType}`;

/** The operators in use, sorted. Throws `model_unusable` for those that need a library of their own. */
export function checkOperators(model: ModelProto): readonly string[] {
  const local = new Set(model.functions.map(({ domain }) => domain));
  const ops = new Set<string>();
  for (const node of nodesOf(model)) {
    const isKnown =
      isStandardDomain(node.domain) || BUILT_IN_DOMAINS.has(node.domain) || local.has(node.domain);
    if (!isKnown) {
      refuseModel(`The model needs operators of ${node.domain}, which ONNX Runtime does not have`, {
        expected: "standard ONNX operators",
        got: qualifiedName(node),
      });
    }
    ops.add(qualifiedName(node));
  }
  return [...ops].sort();
}

/** Version of the standard operator set. */
export function opsetOf(model: ModelProto): number {
  const version = model.opsetImport.find(({ domain }) => isStandardDomain(domain))?.version ?? 0n;
  if (version >= 1n) return Number(version);
  return refuseModel("The ONNX file does not say which version of the standard operators it uses", {
    expected: "an operator set version of 1 or more",
    got: String(version),
  });
}
