import { floatTensor, node, type TinyModel } from "../../graph/testing/tiny-models.ts";

/** A network of one convolution that repeats each pixel `scale` × `scale` times. */
export function enlargeNearest(channels: number, scale: number): TinyModel {
  const outputs = channels * scale * scale;
  // DepthToSpace in its default mode takes channel c of copy k from k × channels + c.
  const weights = Array.from({ length: outputs * channels }, (_, at) =>
    Math.floor(at / channels) % channels === at % channels ? 1 : 0,
  );
  return {
    input: { name: "in", dims: ["n", channels, "h", "w"] },
    output: { name: "out", dims: ["n", channels, "h2", "w2"] },
    nodes: [
      node("Conv", "in w", "deep"),
      node("DepthToSpace", "deep", "out", { blocksize: { int: scale } }),
    ],
    weights: [floatTensor("w", [outputs, channels, 1, 1], weights)],
  };
}
