import type { ElementType } from "./onnx/element-type.ts";

export type Layout = "NCHW" | "NHWC";

/** The image that goes into a network or comes out of it. */
export interface ImageTensor {
  readonly name: string;
  readonly type: ElementType;
  readonly layout: Layout;
  /** Without, the network takes or gives one picture as [channels,height,width] or channels last. */
  readonly hasBatch: boolean;
  /** Pixels; undefined where the network takes any. */
  readonly height: number | undefined;
  readonly width: number | undefined;
}

/** What an ONNX file says about itself. What it does not say (range, scale, …) is found by a proof run. */
export interface ModelDescription {
  /** `luma`: one channel. `planes`: three, RGB or BGR, which a file does not tell. */
  readonly kind: "luma" | "planes";
  readonly channels: 1 | 3;
  readonly input: ImageTensor;
  readonly output: ImageTensor;
  /** Its last values are those of a hyperbolic tangent, as in networks with pixels of −1 to 1. */
  readonly endsInTanh: boolean;
  /** The size that the network is bound to; undefined when it takes any. */
  readonly fixed: FixedSize | undefined;
  /** Takes `x` and gives `y`, uint8, in Upreel's own plane order: needs no adapting. */
  readonly isAdapted: boolean;
  /** Version of the standard operator set. */
  readonly opset: number;
  readonly irVersion: number;
  /** `PyTorch 2.1.1`; may be empty. */
  readonly producer: string;
  /** Operator types in use, sorted; those of other domains as `domain.Op`. */
  readonly ops: readonly string[];
  /** Stored numbers: weights, biases and constants. */
  readonly parameters: number;
  /** What weights are stored as: `float16` for half-precision models. */
  readonly weightType: ElementType;
}

export interface FixedSize {
  readonly height: number;
  readonly width: number;
  /** Undefined where the file leaves it open. */
  readonly outHeight: number | undefined;
  readonly outWidth: number | undefined;
}
