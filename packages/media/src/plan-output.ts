import {
  UpreelError,
  type Output,
  type Profile,
  type Source,
  type VideoEncoder,
} from "@upreel/core";
import { planAudio } from "./plan-audio.ts";
import { completeColour } from "./colour.ts";
import { SDR_COLOUR } from "./hdr/tone-map-filters.ts";
import { fitOutput, uprightSize } from "./picture-size.ts";
import { leavesBlocks } from "./video-track.ts";

export interface OutputRequest {
  readonly source: Source;
  readonly scale: number;
  readonly encoder: VideoEncoder;
  readonly quality: number;
  /** The short side of the output is at most this. */
  readonly maxOutputHeight: number;
  /** The track beside the pictures; default the film's own. */
  readonly audio?: Profile["audio"];
}

/**
 * What the pictures and the sound of a stream will look like; HDR becomes SDR.
 * Throws `source_hdr` for HDR that has nothing to make it from, or `source_too_large` for a source that has the largest output size already.
 */
export function planOutput(request: OutputRequest): Output {
  const { source, scale, encoder, quality, maxOutputHeight } = request;
  const { hdr } = source.video;
  if (hdr?.base === "none") {
    throw new UpreelError(
      "source_hdr",
      `the colours of ${source.path} cannot be upscaled: only Dolby's own players can show them. You can still watch the original`,
      {
        expected: "SDR, HDR10, HLG, or Dolby Vision with a base layer (profiles 7, 8, 10.1, 10.4)",
        got: hdr.name,
      },
    );
  }
  const input = uprightSize(source.video);
  const shortSide = Math.min(input.width, input.height);
  if (shortSide >= maxOutputHeight) {
    throw new UpreelError(
      "source_too_large",
      `${source.path} already has the largest size that Upreel makes`,
      {
        expected: `a short side under ${maxOutputHeight} pixels (MAX_OUTPUT_HEIGHT)`,
        got: `${input.width}×${input.height} pixels`,
      },
    );
  }
  return {
    inputWidth: input.width,
    inputHeight: input.height,
    ...fitOutput(input, scale, maxOutputHeight, encoder),
    encoder,
    quality,
    ...(leavesBlocks(source.video.codec) && { leavesBlocks: true }),
    colour:
      hdr === undefined ? completeColour(source.video.colour, source.video.height) : SDR_COLOUR,
    audio: planAudio(source.audio, request.audio),
  };
}
