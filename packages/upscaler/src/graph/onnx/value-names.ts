import { graphsIn } from "./graph-walk.ts";
import type { GraphProto } from "./onnx-pb.ts";

/** Gives names that no value, node or dimension of `graph` has: `upreel_scale`, `upreel_scale_2`, … */
export type FreshName = (hint: string) => string;

export function createFreshName(graph: GraphProto): FreshName {
  const taken = valueNames(graph);
  return (hint) => {
    let name = `upreel_${hint}`;
    for (let n = 2; taken.has(name); n++) name = `upreel_${hint}_${n}`;
    taken.add(name);
    return name;
  };
}

function valueNames(graph: GraphProto): Set<string> {
  const names = new Set<string>();
  for (const { node, initializer, input, output } of graphsIn(graph)) {
    for (const value of [...initializer, ...input, ...output]) names.add(value.name);
    for (const { name, input: from, output: to } of node) {
      for (const value of [name, ...from, ...to]) names.add(value);
    }
  }
  return names;
}

/** Renames a value wherever it is made or used, in graphs inside nodes too. */
export function renameValue(graph: GraphProto, from: string, to: string): void {
  const renamed = (name: string): string => (name === from ? to : name);
  for (const inner of graphsIn(graph)) {
    for (const value of [
      ...inner.initializer,
      ...inner.input,
      ...inner.output,
      ...inner.valueInfo,
    ]) {
      value.name = renamed(value.name);
    }
    for (const node of inner.node) {
      node.input = node.input.map(renamed);
      node.output = node.output.map(renamed);
    }
  }
}
