import { describe, expect, it } from "vitest";
import { bestDevice, isSoftwareDevice, parseVulkanDevices } from "./vulkan-devices.ts";

/** As ffmpeg 5 says it, with the names of other drivers. */
const LISTING = `[AVHWDeviceContext @ 0x55d0c8a0c0c0] Supported validation layers:
[AVHWDeviceContext @ 0x55d0c8a0c0c0] GPU listing:
[AVHWDeviceContext @ 0x55d0c8a0c0c0]     0: llvmpipe (LLVM 15.0.6, 256 bits) (software) (0x0)
[AVHWDeviceContext @ 0x55d0c8a0c0c0]     1: Intel(R) UHD Graphics 630 (CFL GT2) (integrated) (0x3e92)
[AVHWDeviceContext @ 0x55d0c8a0c0c0]     2: NVIDIA GeForce RTX 3080 (discrete) (0x2206)
[AVHWDeviceContext @ 0x55d0c8a0c0c0] Device 0 selected: llvmpipe (LLVM 15.0.6, 256 bits) (software) (0x0)
`;

describe("the Vulkan devices of ffmpeg", () => {
  it("are those of its list, each by its place, and a GPU of its own memory goes first", () => {
    const devices = parseVulkanDevices(LISTING);
    expect(devices).toEqual([
      { index: 0, name: "llvmpipe (LLVM 15.0.6, 256 bits)", kind: "software" },
      { index: 1, name: "Intel(R) UHD Graphics 630 (CFL GT2)", kind: "integrated" },
      { index: 2, name: "NVIDIA GeForce RTX 3080", kind: "discrete" },
    ]);
    expect(bestDevice(devices)?.index).toBe(2);
    expect(bestDevice(devices.slice(0, 2))?.index).toBe(1);
  });

  it("are none where ffmpeg says something else", () => {
    expect(parseVulkanDevices("Unknown hardware device type 'vulkan'\n")).toEqual([]);
    expect(bestDevice([])).toBeUndefined();
  });

  it.each([
    ["llvmpipe (LLVM 19.1.7, 256 bits)", "unknown"],
    ["SwiftShader Device (Subzero)", "virtual"],
    ["Some Rasterizer", "software"],
  ])("that compute on the processor are known by name or kind: %s, %s", (name, kind) => {
    expect(isSoftwareDevice({ index: 0, name, kind })).toBe(true);
    expect(bestDevice([{ index: 0, name, kind }])).toBeUndefined();
  });
});
