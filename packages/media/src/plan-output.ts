import { UpreelError, type Output, type Source, type VideoEncoder } from "@upreel/core";
import { planAudio } from "./plan-audio.ts";
import { completeColour } from "./colour.ts";
import { fitOutput, uprightSize } from "./picture-size.ts";

export interface OutputRequest {
  readonly source: Source;
  readonly scale: number;
  readonly encoder: VideoEncoder;
  readonly quality: number;
  /** The short side of the output is at most this. */
  readonly maxOutputHeight: number;
}

/**
 * What the pictures and the sound of a stream will look like.
 * Throws `source_hdr`, or `source_too_large` for a source that has the largest output size already.
 */
export function planOutput(request: OutputRequest): Output {
  const { source, scale, encoder, quality, maxOutputHeight } = request;
  if (source.video.isHdr) {
    throw new UpreelError("source_hdr", `${source.path} is HDR, which Upreel does not do yet`, {
      expected: "a film in standard dynamic range",
      got: `transfer ${source.video.colour.transfer ?? "of Dolby Vision"}`,
    });
  }
  const input = uprightSize(source.video);
  const shortSide = Math.min(input.width, input.height);
  if (shortSide >= maxOutputHeight) {
    throw new UpreelError(
      "source_too_large",
      `${source.path} is as large already as films are made`,
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
    colour: completeColour(source.video.colour, source.video.height),
    audio: planAudio(source.audio, source.durationSeconds ?? 0),
  };
}
