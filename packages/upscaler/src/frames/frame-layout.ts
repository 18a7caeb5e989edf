import type { ModelSpec } from "@upreel/core";
import { chromaStrips, enlarged } from "@upreel/core/plain";

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
  /** Where those lie in rows of other widths than theirs. */
  readonly passedRows?: PassedRows;
  readonly inputDims: readonly number[];
  readonly outputDims: readonly number[];
}

/** Two planes, one after the other, in rows that are as wide as the picture. */
export interface PassedRows {
  /** Bytes of a row. */
  readonly stride: number;
  /** Of each plane. */
  readonly width: number;
  readonly height: number;
  /** Columns that a plane is cut into where it is wider than a row; they lie below each other, each as high as the plane. */
  readonly strips: number;
  /** Of each but the last one, which may be narrower. */
  readonly stripWidth: number;
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
  const [wide, high] = [enlarged(width, model.scale), enlarged(height, model.scale)];
  switch (model.kind) {
    case "luma": {
      const chroma = { width: Math.ceil(wide / 2), height: Math.ceil(high / 2) };
      const { strips, stripWidth } = chromaStrips(chroma.width, width);
      return {
        inputBytes: plane + 2 * width * chroma.height * strips,
        inferredBytes: plane,
        resultBytes: wide * high,
        passedBytes: 2 * chroma.width * chroma.height,
        ...(chroma.width !== width && {
          passedRows: { stride: width, ...chroma, strips, stripWidth },
        }),
        inputDims: [1, 1, height, width],
        outputDims: [1, 1, high, wide],
      };
    }
    case "planes":
      return {
        inputBytes: 3 * plane,
        inferredBytes: 3 * plane,
        resultBytes: 3 * wide * high,
        passedBytes: 0,
        inputDims: [1, 3, height, width],
        outputDims: [1, 3, high, wide],
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
