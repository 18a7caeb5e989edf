import { describe, expect, it } from "vitest";
import { explainFailure, missingFor } from "./explain-provider.ts";
import type { GpuFacts } from "./gpu-facts.ts";

const NOTHING: GpuFacts = {
  ...{ platform: "linux", gpus: [], vulkanDrivers: [], hasVulkanLoader: true },
  ...{ hasLibcuda: false, nvidiaDriver: undefined, runtimeFiles: [], isContainer: false },
};
const amd = { device: "/dev/dri/renderD128", vendor: "AMD", isOpen: true };
const nvidia = { device: "/dev/nvidia0", vendor: "NVIDIA", isOpen: true };
const NVIDIA: GpuFacts = {
  ...NOTHING,
  ...{ gpus: [nvidia], hasLibcuda: true, nvidiaDriver: "550.1" },
  runtimeFiles: ["libonnxruntime_providers_cuda.so"],
};

describe("a provider that cannot be used is told with what fixes it", () => {
  it.each([
    ["no GPU at all", "webgpu", NOTHING, /no GPU/, /mesa-vulkan-drivers/],
    [
      "a container without the GPU",
      "webgpu",
      { ...NOTHING, isContainer: true },
      /container/,
      /\/dev\/dri/,
    ],
    ["a GPU without a driver", "webgpu", { ...NOTHING, gpus: [amd] }, /AMD.*no Vulkan/, /apt-get/],
    [
      ...(["a GPU that belongs to a group", "webgpu"] as const),
      { ...NOTHING, gpus: [{ ...amd, isOpen: false }], vulkanDrivers: ["radeon.json"] },
      ...[/may not open \/dev\/dri\/renderD128/, /render/],
    ],
    [
      "a container without --gpus",
      "cuda",
      { ...NOTHING, isContainer: true },
      /container/,
      /--gpus/,
    ],
    ["no libcuda", "cuda", { ...NVIDIA, hasLibcuda: false }, /libcuda/, /nvidia-driver/],
    ["the wrong package", "cuda", { ...NVIDIA, runtimeFiles: [] }, /without/, /INSTALL=cuda12/],
    ["a part of the package", "tensorrt", NVIDIA, /providers_tensorrt/, /INSTALL=cuda12/],
  ] as const)("%s", (_, provider, facts, message, fix) => {
    expect(missingFor(provider, facts)?.message).toMatch(message);
    expect(missingFor(provider, facts)?.fix).toMatch(fix);
  });
  it("but not when nothing is missing, or nothing can be fixed", () => {
    expect(missingFor("cpu", NOTHING)).toBeUndefined();
    expect(missingFor("cuda", NVIDIA)).toBeUndefined();
    expect(missingFor("webgpu", { ...NOTHING, vulkanDrivers: ["any.json"] })).toBeUndefined();
    expect(missingFor("dml", NOTHING)).toMatchObject({
      message: expect.stringContaining("Windows"),
    });
  });
});

it.each([
  ["cuda", "model_unusable", "OrtSession…_Cuda: Failed to load shared library", /cudnn/i],
  ["webgpu", "inference_failed", "Failed to get a WebGPU adapter: No supported adapters", /driver/],
  ["webgpu", "worker_lost", "killed by SIGSEGV", /leave webgpu out of PROVIDERS/],
  ["webgpu", "out_of_memory", "Out of memory", /TILE_MEMORY/],
] as const)("a failed proof run on %s (%s) is explained", (provider, code, got, fix) => {
  const { message, fix: fixes } = explainFailure(provider, { code, message: "no", got }, NVIDIA);
  expect(message).not.toBe("");
  expect(fixes).toMatch(fix);
});
