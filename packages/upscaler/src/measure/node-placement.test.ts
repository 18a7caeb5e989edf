import { describe, expect, it } from "vitest";
import { misplaced, readPlacement } from "./node-placement.ts";

const node = (op: string, provider: string, index = 0) => ({
  ...{ cat: "Node", name: `${op}_${index}_kernel_time`, dur: 5, ph: "X" },
  args: { op_name: op, provider, node_index: String(index) },
});
const profile = (...events: object[]): string =>
  JSON.stringify([{ cat: "Session", name: "session_run", dur: 1 }, ...events]);

describe("node placement", () => {
  it("counts each node once, however often it ran", () => {
    const conv = node("Conv", "WebGpuExecutionProvider", 1);
    const shape = node("Shape", "CPUExecutionProvider", 2);
    expect(readPlacement(profile(conv, shape, conv, shape))).toEqual({
      nodes: { WebGpuExecutionProvider: 1, CPUExecutionProvider: 1 },
      heavy: { WebGpuExecutionProvider: 1 },
    });
  });
  it("lets small nodes run elsewhere, convolutions not", () => {
    const shape = node("Shape", "CPUExecutionProvider", 1);
    const onGpu = readPlacement(profile(shape, node("Conv", "CUDAExecutionProvider", 2)));
    expect(misplaced(onGpu, "cuda")).toBeUndefined();
    const fallen = readPlacement(
      profile(
        node("Conv", "CUDAExecutionProvider", 1),
        node("QLinearConv", "CPUExecutionProvider", 2),
      ),
    );
    expect(misplaced(fallen, "cuda")).toBe("1 of 2 convolutions on CPUExecutionProvider");
  });
  it("wants at least something of a network without convolutions to run there", () => {
    const resize = readPlacement(profile(node("Resize", "CPUExecutionProvider")));
    expect(misplaced(resize, "cpu")).toBeUndefined();
    expect(misplaced(resize, "webgpu")).toBe("1 of 1 nodes on CPUExecutionProvider");
  });
});
