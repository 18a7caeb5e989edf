import type { ModelSpec } from "@upreel/core";

/** Byte counts of one frame on its way through a network; all planes are 8 bit. */
export interface FrameLayout {
  /** Bytes of a decoded frame. */
  readonly inputBytes: number;
  /** The same and a few more, so that words of four bytes cover a frame. */
  readonly slotBytes: number;
  /** Bytes at its start that the network takes. */
  readonly inferredBytes: number;
  /** Bytes that the network gives. */
  readonly resultBytes: number;
  /** Bytes after the inferred ones that go to the encoder as they are. */
  readonly passedBytes: number;
  readonly inputDims: readonly number[];
  readonly outputDims: readonly number[];
}

/** The layout for frames of `width` × `height` pixels; for `copy`, of the size that arrives. */
export function frameLayout(model: ModelSpec, width: number, height: number): FrameLayout {
  const layout = planeLayout(model, width, height);
  return { ...layout, slotBytes: Math.ceil(layout.inputBytes / 4) * 4 };
}

function planeLayout(
  model: ModelSpec,
  width: number,
  height: number,
): Omit<FrameLayout, "slotBytes"> {
  const plane = width * height;
  const { scale } = model;
  switch (model.kind) {
    case "luma":
      return {
        inputBytes: 3 * plane,
        inferredBytes: plane,
        resultBytes: scale * scale * plane,
        passedBytes: 2 * plane,
        inputDims: [1, 1, height, width],
        outputDims: [1, 1, scale * height, scale * width],
      };
    case "planes":
      return {
        inputBytes: 3 * plane,
        inferredBytes: 3 * plane,
        resultBytes: 3 * scale * scale * plane,
        passedBytes: 0,
        inputDims: [1, 3, height, width],
        outputDims: [1, 3, scale * height, scale * width],
      };
    case "copy": {
      const bytes = plane + 2 * (Math.ceil(width / 2) * Math.ceil(height / 2));
      return {
        inputBytes: bytes,
        inferredBytes: 0,
        resultBytes: 0,
        passedBytes: bytes,
        inputDims: [],
        outputDims: [],
      };
    }
  }
}
