import {
  UpreelError,
  type Output,
  type Profile,
  type Source,
  type VideoEncoder,
} from "@upreel/core";
import { planAudio } from "../sound/plan-audio.ts";
import { completeColour } from "../picture/colour.ts";
import { SDR_COLOUR } from "../hdr/tone-map-filters.ts";
import { BUILT_IN_FACTORS, exactFactor, fitScreen } from "./fit-screen.ts";
import { fitOutput, longestSideOf, uprightSize, type Size } from "../picture/picture-size.ts";
import { leavesBlocks } from "../tracks/video-track.ts";

/** How large pictures are to become. */
export interface SizeWish {
  /** `auto`: as large as a screen of `targetHeight` lines. */
  readonly scale: Profile["scale"];
  readonly encoder: VideoEncoder;
  /** The short side of the output is at most this. */
  readonly maxOutputHeight: number;
  /** Default 1080; a number as `scale` goes beyond it where this is not given. */
  readonly targetHeight?: number | undefined;
  /** The factors by which the networks that may be used enlarge. Default: those of the built-in networks. */
  readonly factors?: readonly number[] | undefined;
}

export interface OutputRequest extends SizeWish {
  readonly source: Source;
  readonly quality: number;
  /** The wanted sound track. Default: the film's own choice. */
  readonly audio?: Profile["audio"];
}

const USUAL_SCREEN = 1080;

/** The size that pictures of size `input` are upscaled to; undefined if they are that large already. */
export function outputSize(input: Size, wish: SizeWish): Size | undefined {
  const { scale, encoder, factors = BUILT_IN_FACTORS } = wish;
  const lines = mostLines(wish);
  if (scale === "auto")
    return fitScreen(input, { lines, factors, longestSide: longestSideOf(encoder) });
  if (Math.min(input.width, input.height) >= lines) return undefined;
  return fitOutput(input, scale, lines, encoder);
}

/**
 * The same wish with a larger factor than 2, in one pass, where built-in networks fill the screen exactly with that; undefined
 * where there is no such factor, or none may be chosen.
 */
export function wishForOnePass<W extends SizeWish>(input: Size, wish: W): W | undefined {
  if (wish.scale !== "auto" || wish.factors !== undefined) return undefined;
  const longestSide = longestSideOf(wish.encoder);
  const factor = exactFactor(input, { lines: mostLines(wish), longestSide });
  return factor === undefined ? undefined : { ...wish, factors: [factor] };
}

/** CRF 0 of x264 is lossless, in a profile (High 4:4:4) that players do not know, and its rate has no bound. */
const BEST_QUALITY = 1;

/** Of the short side. */
const mostLines = ({ scale, maxOutputHeight, targetHeight }: SizeWish): number =>
  Math.min(maxOutputHeight, targetHeight ?? (scale === "auto" ? USUAL_SCREEN : Infinity));

/**
 * What the pictures and the sound of a stream will look like; HDR becomes SDR.
 * Throws `source_hdr` for HDR that has nothing to make it from, or `source_too_large` for a source that has the largest output size already.
 */
export function planOutput(request: OutputRequest): Output {
  const { source, encoder, quality } = request;
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
  const size = outputSize(input, request);
  if (size === undefined) throw tooLarge(input, request);
  return {
    inputWidth: input.width,
    inputHeight: input.height,
    ...size,
    encoder,
    quality: Math.max(BEST_QUALITY, quality),
    ...(leavesBlocks(source.video.codec) && { leavesBlocks: true }),
    colour:
      hdr === undefined ? completeColour(source.video.colour, source.video.height) : SDR_COLOUR,
    audio: planAudio(source.audio, request.audio),
  };
}

/** The same for a film whose own pictures are shown, however large: only its sound is encoded. */
export function planOriginal(source: Source): Output {
  const { width, height } = uprightSize(source.video);
  return {
    ...{ inputWidth: width, inputHeight: height, width, height },
    // Of no picture.
    ...{ encoder: "libx264", quality: 20 },
    colour: completeColour(source.video.colour, source.video.height),
    audio: planAudio(source.audio),
  };
}

function tooLarge({ width, height }: Size, wish: SizeWish): UpreelError {
  const lines = mostLines(wish);
  const isForScreen = lines < wish.maxOutputHeight;
  return new UpreelError(
    "source_too_large",
    isForScreen
      ? `the film fills a screen of ${lines} lines already`
      : "the film already has the largest size that Upreel makes",
    {
      expected: isForScreen
        ? "a smaller picture, or a larger screen (TARGET_HEIGHT)"
        : `a short side under ${lines} pixels (MAX_OUTPUT_HEIGHT)`,
      got: `${width}×${height} pixels`,
    },
  );
}
