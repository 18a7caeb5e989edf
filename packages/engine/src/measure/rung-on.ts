import type { ModelSpec, Provider, Rung } from "@upreel/core";

/**
 * Memory for each input pixel of networks that nobody measured: the built-in ones, 32 channels in fp32
 * twice over.
 */
const USUAL_BYTES_PER_PIXEL = 400;

/** A network on a provider, in tiles of at most `tileBytes` of working memory. */
export const rungOn = (model: ModelSpec, provider: Provider, tileBytes: number): Rung => ({
  model,
  provider: model.kind === "copy" ? "ffmpeg" : provider,
  ...(model.kind === "copy"
    ? {}
    : { tilePixels: Math.floor(tileBytes / (model.bytesPerPixel ?? USUAL_BYTES_PER_PIXEL)) }),
});
