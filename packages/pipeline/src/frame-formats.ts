import type { ModelSpec, Output } from "@upreel/core";

export interface RawFrames {
  readonly pixelFormat: "yuv444p" | "gbrp" | "yuv420p";
  readonly width: number;
  readonly height: number;
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
    width: output.inputWidth * model.scale,
    height: output.inputHeight * model.scale,
  };
};
