import {
  FRAME_FORMAT_BYTES,
  PICTURE_FORMATS,
  UpreelError,
  type FaceWork,
  type FrameFormat,
  type MadePicture,
  type PictureFormat,
  type PictureSize,
  type PictureWish,
} from "@upreel/core";
import type { Picture, PictureNetwork } from "@upreel/upscaler";
import { decodePicture, encodePicture, fitPicture, type DecodedPicture } from "./picture-codec.ts";

export interface PictureNetworks {
  readonly network: PictureNetwork;
  /** Restores the faces of a picture in place; how many. Throws `signal`'s reason. */
  readonly faces: (work: FaceWork, picture: Picture, signal: AbortSignal) => Promise<number>;
}

/**
 * A picture file or a raw frame, upscaled to exactly the size that is wished. Throws `picture_unusable`,
 * `out_of_memory`, or `signal`'s reason.
 */
export async function upscalePicture(
  { network, faces }: PictureNetworks,
  wish: PictureWish,
  bytes: Uint8Array,
  signal: AbortSignal,
): Promise<MadePicture> {
  const { input, output, mostPixels } = wish;
  const decoded =
    input.kind === "file" ? await decodePicture(bytes, mostPixels) : readFrame(input, bytes);
  const { width, height } = sizeOf(wish.size, decoded.picture);
  if (width * height > mostPixels)
    throw new UpreelError("picture_unusable", "The upscaled picture would be too large", {
      expected: `at most ${mostPixels} pixels`,
      got: `${width}x${height}`,
    });
  const picture = await enlargeTo(
    { width, height, mostPixels },
    { picture: decoded.picture, network, signal },
  );
  const restored = wish.faces === undefined ? undefined : await faces(wish.faces, picture, signal);
  const told = restored === undefined ? {} : { faces: restored };
  if (output.kind === "raw")
    return {
      ...told,
      ...{ width, height, bytes: writeFrame(input, picture.bytes) },
      format: input.kind === "raw" ? input.format : "rgb24",
    };
  const format = output.format === "same" ? sameFormat(decoded.format) : output.format;
  const { profile } = decoded;
  return {
    ...{ width, height, format, ...told },
    bytes: await encodePicture(picture, format, { quality: output.quality, profile }),
  };
}

const sizeOf = (wished: PictureSize, { width, height }: Picture) =>
  "scale" in wished
    ? { width: Math.round(width * wished.scale), height: Math.round(height * wished.scale) }
    : wished;

/** By the network as often as it takes, and then to the size; what needs no network goes through none. */
async function enlargeTo(
  wanted: { readonly width: number; readonly height: number; readonly mostPixels: number },
  {
    picture,
    network,
    signal,
  }: {
    readonly picture: Picture;
    readonly network: PictureNetwork;
    readonly signal: AbortSignal;
  },
): Promise<Picture> {
  let large = picture;
  while (large.width < wanted.width || large.height < wanted.height) {
    // One side is far larger than it is to be, or what lies in between would be: plain scaling does the rest.
    if (large.width >= 2 * wanted.width || large.height >= 2 * wanted.height) break;
    if (large.width * large.height * network.scale ** 2 > 2 * wanted.mostPixels) break;
    large = await network.enlarge(large, signal);
  }
  return fitPicture(large, wanted.width, wanted.height);
}

const sameFormat = (format: string): PictureFormat =>
  PICTURE_FORMATS.find((each) => each === format) ?? "png";

interface RawInput {
  readonly width: number;
  readonly height: number;
  readonly format: FrameFormat;
}

function readFrame({ width, height, format }: RawInput, bytes: Uint8Array): DecodedPicture {
  const channels = FRAME_FORMAT_BYTES[format];
  if (bytes.length !== width * height * channels)
    throw new UpreelError("picture_unusable", "The length of the frame does not match its size", {
      expected: `${width * height * channels} bytes for ${width}x${height} ${format}`,
      got: `${bytes.length} bytes`,
    });
  const ordered = format === "bgr24" ? swapEnds(bytes) : bytes;
  return {
    picture: { bytes: ordered, width, height, channels },
    ...{ format: "raw", profile: undefined },
  };
}

const writeFrame = (input: PictureWish["input"], bytes: Uint8Array): Uint8Array =>
  input.kind === "raw" && input.format === "bgr24" ? swapEnds(bytes) : bytes;

/** BGR to RGB and back. */
function swapEnds(bytes: Uint8Array): Uint8Array {
  const swapped = Uint8Array.from(bytes);
  for (let i = 0; i + 2 < swapped.length; i += 3) {
    swapped[i] = bytes[i + 2] as number;
    swapped[i + 2] = bytes[i] as number;
  }
  return swapped;
}
