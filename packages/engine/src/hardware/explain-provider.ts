import {
  FINDING_TEXTS,
  withValues,
  type FindingCode,
  type FindingValues,
  type Provider,
  type Reason,
} from "@upreel/core";
import type { GpuFacts } from "./gpu-facts.ts";

/** What is wrong, in plain words, and what fixes it, where something does. */
export interface Complaint {
  readonly message: string;
  readonly fix?: string;
  /** What both say, for other languages. */
  readonly code: FindingCode;
  readonly values: FindingValues;
}

function complaint(code: FindingCode, values: FindingValues = {}): Complaint {
  const text: { readonly message: string; readonly fix?: string } = FINDING_TEXTS[code];
  const fix = text.fix === undefined ? {} : { fix: withValues(text.fix, values) };
  return { message: withValues(text.message, values), ...fix, code, values };
}

/** What a provider lacks as far as looking tells; undefined when it is worth a try. */
export function missingFor(provider: Provider, facts: GpuFacts): Complaint | undefined {
  switch (provider) {
    case "cpu":
      return undefined;
    case "coreml":
      return only(facts, "darwin", "macOS");
    case "dml":
      return only(facts, "win32", "Windows");
    case "cuda":
    case "tensorrt":
      return missingForNvidia(provider, facts);
    case "webgpu":
      return facts.platform === "linux" ? missingForVulkan(facts) : undefined;
  }
}

const only = (facts: GpuFacts, platform: string, system: string): Complaint | undefined =>
  facts.platform === platform ? undefined : complaint("provider_elsewhere", { system });

function missingForNvidia(provider: "cuda" | "tensorrt", facts: GpuFacts): Complaint | undefined {
  const nvidia = facts.gpus.filter(({ vendor }) => vendor === "NVIDIA");
  if (nvidia.length === 0 && facts.nvidiaDriver === undefined)
    return complaint(facts.isContainer ? "nvidia_not_in_container" : "nvidia_none");
  if (!facts.hasLibcuda)
    return complaint(facts.isContainer ? "libcuda_not_in_container" : "libcuda_missing");
  const closed = nvidia.find(({ isOpen }) => !isOpen);
  if (closed !== undefined) return complaint("nvidia_closed", { device: closed.device });
  const library = `libonnxruntime_providers_${provider}.so`;
  if (facts.platform === "linux" && !facts.runtimeFiles.includes(library))
    return complaint("runtime_without", { library });
  return undefined;
}

function missingForVulkan(facts: GpuFacts): Complaint | undefined {
  const drm = facts.gpus.filter(({ device }) => device.startsWith("/dev/dri/"));
  if (facts.vulkanDrivers.length === 0) {
    const vendors = facts.gpus.map(({ vendor }) => vendor).join(", ");
    if (facts.gpus.length > 0) return complaint("vulkan_missing", { vendors });
    return complaint(facts.isContainer ? "gpu_not_in_container" : "gpu_none");
  }
  const [first] = drm;
  if (first !== undefined && facts.gpus.every(({ isOpen }) => !isOpen))
    return complaint("gpu_closed", { device: first.device });
  return undefined;
}

/** What the failure of a proof run means. */
export function explainFailure(provider: Provider, reason: Reason, facts: GpuFacts): Complaint {
  const told = `${reason.message}${reason.got === undefined ? "" : ` (${reason.got})`}`;
  const text = reason.got ?? "";
  const isNvidia = provider === "cuda" || provider === "tensorrt";
  if (isNvidia && /load shared library|cannot open shared object/i.test(text)) {
    const code = provider === "tensorrt" ? "runtime_tensorrt" : "runtime_library";
    return complaint(code, { provider, reason: text });
  }
  if (/no supported adapters|failed to get a webgpu adapter/i.test(text)) {
    if (facts.gpus.length > 0) return complaint("webgpu_old");
    return complaint(facts.isContainer ? "webgpu_none_in_container" : "webgpu_none");
  }
  if (reason.code === "worker_lost") return complaint("provider_died", { provider, reason: told });
  if (reason.code === "out_of_memory") return complaint("provider_memory", { reason: told });
  return complaint("provider_refused", { provider, reason: told });
}
