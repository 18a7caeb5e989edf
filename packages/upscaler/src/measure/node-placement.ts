import { z } from "zod";

/** What a network spends its time in: these must run where the provider promises. */
const HEAVY =
  /(Conv|ConvTranspose|ConvInteger|FusedConv|NhwcConv|MatMul|FusedMatMul|MatMulInteger|Gemm|Attention)$/;

/** The names that ONNX Runtime has for its providers, by the ones that sessions are asked for. */
const RUNTIME_NAMES: Readonly<Record<string, readonly string[]>> = {
  cpu: ["CPUExecutionProvider"],
  webgpu: ["WebGpuExecutionProvider", "JsExecutionProvider"],
  cuda: ["CUDAExecutionProvider", "NvTensorRTRTXExecutionProvider"],
  // TensorRT hands what it does not know to CUDA: still the GPU.
  tensorrt: ["TensorrtExecutionProvider", "CUDAExecutionProvider"],
  coreml: ["CoreMLExecutionProvider"],
  dml: ["DmlExecutionProvider"],
};

/** Which provider ran how many nodes of a graph, and where the heavy ones ran. */
export interface NodePlacement {
  readonly nodes: Readonly<Record<string, number>>;
  /** Heavy nodes by provider: convolutions and matrix products, or what a provider compiled them into. */
  readonly heavy: Readonly<Record<string, number>>;
}

const eventSchema = z.looseObject({
  cat: z.string().optional(),
  name: z.string().optional(),
  args: z
    .looseObject({
      op_name: z.string().optional(),
      provider: z.string().optional(),
      node_index: z.string().optional(),
    })
    .optional(),
});

/** Reads the profile (JSON) that ONNX Runtime wrote of one or more runs. */
export function readPlacement(profile: string): NodePlacement {
  const nodes: Record<string, number> = {};
  const heavy: Record<string, number> = {};
  const seen = new Set<string>();
  for (const { cat, name = "", args } of z.array(eventSchema).parse(JSON.parse(profile))) {
    if (cat !== "Node" || !name.endsWith("_kernel_time") || args?.provider === undefined) continue;
    const { provider, op_name: op = "", node_index: index = "" } = args;
    // Each run, and each tile of it, tells all nodes again.
    const key = `${name} ${index}`;
    if (seen.has(key)) continue;
    seen.add(key);
    nodes[provider] = (nodes[provider] ?? 0) + 1;
    if (HEAVY.test(op) || isCompiled(op)) heavy[provider] = (heavy[provider] ?? 0) + 1;
  }
  return { nodes, heavy };
}

/** TensorRT, CoreML and others run a whole part of the graph as one node of their own name. */
const isCompiled = (op: string): boolean => /^(TRTKernel|CoreML|DML|Dml)/.test(op);

/** Whether the heavy nodes ran on `provider`; else a sentence that says where they ran. */
export function misplaced({ nodes, heavy }: NodePlacement, provider: string): string | undefined {
  const own = RUNTIME_NAMES[provider] ?? [];
  const count = (of: Readonly<Record<string, number>>, isOwn: boolean): number =>
    Object.entries(of).reduce(
      (sum, [name, nodesThere]) => (own.includes(name) === isOwn ? sum + nodesThere : sum),
      0,
    );
  const all = Object.keys(heavy).length === 0 ? nodes : heavy;
  const [here, elsewhere] = [count(all, true), count(all, false)];
  if (here > 0 && (all === nodes || elsewhere === 0)) return undefined;
  const where = Object.keys(all).filter((name) => !own.includes(name));
  return `${elsewhere} of ${here + elsewhere} ${all === nodes ? "nodes" : "convolutions"} on ${where.join(", ") || "nothing"}`;
}
