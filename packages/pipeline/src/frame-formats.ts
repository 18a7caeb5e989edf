import { enlarged, type ModelSpec, type Output } from "@upreel/core";

interface Size {
  readonly width: number;
  readonly height: number;
}

export interface RawFrames extends Size {
  readonly pixelFormat: "yuv444p" | "gbrp" | "yuv420p";
}

/** What the decoder gives to the network. */
export const decodedFrames = (model: ModelSpec, output: Output): RawFrames =>
  model.kind === "copy"
    ? { pixelFormat: "yuv420p", width: output.width, height: output.height }
    : {
        pixelFormat: model.pixelFormat,
        width: output.inputWidth,
        height: output.inputHeight,
      };

/** What the encoder gets from the network; it fits them to the output size where that differs. */
export const upscaledFrames = (model: ModelSpec, output: Output): RawFrames => {
  if (model.kind === "copy") return decodedFrames(model, output);
  return {
    pixelFormat: model.kind === "luma" ? "yuv420p" : model.pixelFormat,
    width: enlarged(output.inputWidth, model.scale),
    height: enlarged(output.inputHeight, model.scale),
  };
};

/** The size of a luma network's output chroma, where decoding does not give it as chroma of the input's size. */
export const ownChromaSize = (model: ModelSpec, output: Output): Size | undefined => {
  if (model.kind !== "luma" || model.scale === 2) return undefined;
  const { width, height } = upscaledFrames(model, output);
  return { width: Math.ceil(width / 2), height: Math.ceil(height / 2) };
};
