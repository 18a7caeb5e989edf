import type { Provider, Reason } from "@upreel/core";
import type { GpuFacts } from "./gpu-facts.ts";

/** What is wrong, in plain words, and what fixes it, where something does. */
export interface Complaint {
  readonly message: string;
  readonly fix?: string;
}

const CONTAINER_DRI =
  "give the container the GPU: `devices: [/dev/dri]` and the host's render group (`group_add`) in compose.yaml";
const CONTAINER_NVIDIA =
  "give the container the GPU: install nvidia-container-toolkit on the host, then `docker run --gpus all …`";
const INSTALL_CUDA =
  "ONNXRUNTIME_NODE_INSTALL=cuda12 node node_modules/onnxruntime-node/script/install.js";

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

const only = (facts: GpuFacts, platform: string, name: string): Complaint | undefined =>
  facts.platform === platform ? undefined : { message: `it exists on ${name} only` };

function missingForNvidia(provider: "cuda" | "tensorrt", facts: GpuFacts): Complaint | undefined {
  const nvidia = facts.gpus.filter(({ vendor }) => vendor === "NVIDIA");
  if (nvidia.length === 0 && facts.nvidiaDriver === undefined) {
    return facts.isContainer
      ? { message: "no NVIDIA GPU in this container (no /dev/nvidia*)", fix: CONTAINER_NVIDIA }
      : { message: "no NVIDIA GPU found" };
  }
  if (!facts.hasLibcuda) {
    return facts.isContainer
      ? {
          message: "NVIDIA's driver library libcuda.so.1 is not in this container",
          fix: CONTAINER_NVIDIA,
        }
      : {
          message: "NVIDIA's driver library libcuda.so.1 is missing",
          fix: "install NVIDIA's driver (Debian: apt-get install nvidia-driver libcuda1)",
        };
  }
  const closed = nvidia.find(({ isOpen }) => !isOpen);
  if (closed !== undefined) {
    return {
      message: `this user may not open ${closed.device}`,
      fix: `sudo chmod a+rw ${closed.device}`,
    };
  }
  const library = `libonnxruntime_providers_${provider}.so`;
  if (facts.platform === "linux" && !facts.runtimeFiles.includes(library)) {
    return { message: `ONNX Runtime came without ${library}`, fix: INSTALL_CUDA };
  }
  return undefined;
}

function missingForVulkan(facts: GpuFacts): Complaint | undefined {
  const drm = facts.gpus.filter(({ device }) => device.startsWith("/dev/dri/"));
  if (facts.vulkanDrivers.length === 0) {
    if (facts.gpus.length > 0) {
      return {
        message: `${facts.gpus.map(({ vendor }) => vendor).join(", ")} GPU found, but no Vulkan driver`,
        fix: "apt-get install mesa-vulkan-drivers (AMD, Intel) or NVIDIA's own driver (nvidia-vulkan-icd)",
      };
    }
    return facts.isContainer
      ? { message: "not found: no GPU and no Vulkan driver in this container", fix: CONTAINER_DRI }
      : {
          message: "not found: no GPU (/dev/dri is empty) and no Vulkan driver",
          fix: "with a GPU: its kernel driver, and apt-get install mesa-vulkan-drivers",
        };
  }
  const isClosed = drm.length > 0 && drm.every(({ isOpen }) => !isOpen);
  if (isClosed && facts.gpus.every(({ isOpen }) => !isOpen)) {
    return {
      message: `this user may not open ${drm[0]?.device}`,
      fix: "sudo usermod -aG render $USER, then log in again",
    };
  }
  return undefined;
}

/** What the failure of a proof run means. */
export function explainFailure(provider: Provider, reason: Reason, facts: GpuFacts): Complaint {
  const message = `${reason.message}${reason.got === undefined ? "" : ` (${reason.got})`}`;
  const text = reason.got ?? "";
  const isNvidia = provider === "cuda" || provider === "tensorrt";
  if (isNvidia && /load shared library|cannot open shared object/i.test(text)) {
    return {
      message: `ONNX Runtime's ${provider} library does not load (${text})`,
      fix: `${INSTALL_CUDA}; it needs CUDA 12 and cuDNN 9 (Debian: apt-get install libcudnn9-cuda-12)${provider === "tensorrt" ? " and TensorRT 10" : ""}`,
    };
  }
  if (/no supported adapters|failed to get a webgpu adapter/i.test(text)) {
    return {
      message: "not found: Vulkan has no device that WebGPU can use",
      fix: facts.gpus.length === 0 ? fixNoGpu(facts) : "update the GPU's Vulkan driver",
    };
  }
  if (reason.code === "worker_lost") {
    return { message, fix: `update the GPU's driver, or leave ${provider} out of PROVIDERS` };
  }
  if (reason.code === "out_of_memory") {
    return { message, fix: "free memory of the GPU, or lower TILE_MEMORY" };
  }
  return {
    message,
    fix: `nothing needs to be done: something else is used; leave ${provider} out of PROVIDERS to hide this`,
  };
}

const fixNoGpu = ({ isContainer }: GpuFacts): string =>
  isContainer ? CONTAINER_DRI : "install the GPU's driver; without a GPU there is nothing to do";
