import { UpreelError, type PictureFormat } from "@upreel/core";
import type { Picture } from "@upreel/upscaler";
import sharp, { type Sharp } from "sharp";
import { attachProfile } from "./attach-profile.ts";

/** A decoded picture, upright, with what it was. */
export interface DecodedPicture {
  readonly picture: Picture;
  readonly format: string;
  /** The profile that its numbers are meant in; undefined: sRGB. */
  readonly profile: Buffer | undefined;
}

// Whatever somebody sends in: no loader but these may see it (SVG and PDF read other files).
sharp.block({ operation: ["VipsForeignLoad"] });
sharp.unblock({
  operation: [
    "VipsForeignLoadJpegBuffer",
    "VipsForeignLoadPngBuffer",
    "VipsForeignLoadWebpBuffer",
    "VipsForeignLoadNsgifBuffer",
    "VipsForeignLoadTiffBuffer",
  ],
});
// Nothing is asked for twice.
sharp.cache(false);

const READABLE = "a JPEG, PNG, WebP, GIF or TIFF picture";
/** A decoder that takes longer hangs. */
const LONGEST_SECONDS = 120;

/** Reads a picture file. Throws `picture_unusable` for what is none or is larger than `mostPixels`. */
export async function decodePicture(
  bytes: Uint8Array,
  mostPixels: number,
): Promise<DecodedPicture> {
  try {
    const source = sharp(bytes, { limitInputPixels: mostPixels, failOn: "error", pages: 1 });
    const { format, icc, space, channels: stored } = await source.metadata();
    const isGrey = stored <= 2 && (space === "b-w" || space === "grey16");
    // CMYK and what else is no RGB is converted by its profile; RGB and grey keep their numbers.
    const keepsNumbers = isGrey || space === "srgb" || space === "rgb" || space === "rgb16";
    const upright = (keepsNumbers ? source.keepIccProfile() : source)
      .autoOrient()
      .timeout({ seconds: LONGEST_SECONDS });
    return {
      picture: await pixelsOf(upright, isGrey ? (stored === 2 ? 2 : 1) : undefined),
      format,
      profile: keepsNumbers ? icc : undefined,
    };
  } catch (thrown) {
    throw refused(thrown, mostPixels);
  }
}

/** `channels` of grey pictures: as raw bytes libvips gives their alpha with colours alone. */
async function pixelsOf(image: Sharp, channels?: 1 | 2): Promise<Picture> {
  const { data, info } = await image
    .toColourspace(channels === 1 ? "b-w" : "srgb")
    .raw({ depth: "uchar" })
    .toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  if (channels !== 2) return { bytes: data, width, height, channels: info.channels };
  const bytes = new Uint8Array(2 * width * height);
  for (let i = 0; i < bytes.length; i += 2) {
    bytes[i] = data[2 * i] as number;
    bytes[i + 1] = data[2 * i + 3] as number;
  }
  return { bytes, width, height, channels };
}

function refused(thrown: unknown, mostPixels: number): UpreelError {
  const said = thrown instanceof Error ? thrown.message : String(thrown);
  if (/pixel limit/i.test(said))
    return new UpreelError("picture_unusable", "The picture is too large", {
      expected: `at most ${mostPixels} pixels`,
      got: "more",
      cause: thrown,
    });
  return new UpreelError("picture_unusable", "The picture cannot be read", {
    expected: READABLE,
    got: said.split("\n")[0]?.slice(0, 200),
    cause: thrown,
  });
}

const rawOf = ({ bytes, width, height, channels }: Picture): Sharp =>
  sharp(bytes, { raw: { width, height, channels }, limitInputPixels: false });

/** Exactly this size. */
export async function fitPicture(
  picture: Picture,
  width: number,
  height: number,
): Promise<Picture> {
  if (picture.width === width && picture.height === height) return picture;
  const { channels } = picture;
  const fitted = rawOf(picture).resize(width, height, { fit: "fill", kernel: "lanczos3" });
  return pixelsOf(fitted, channels <= 2 ? (channels as 1 | 2) : undefined);
}

/** Writes a picture file; JPEG has no alpha, what is seen through becomes black. */
export async function encodePicture(
  picture: Picture,
  format: PictureFormat,
  { quality, profile }: { readonly quality: number; readonly profile?: Buffer | undefined },
): Promise<Buffer> {
  const raw = rawOf(picture).toColourspace(picture.channels <= 2 ? "b-w" : "srgb");
  const encoders: Readonly<Record<PictureFormat, () => Sharp>> = {
    png: () => raw.png({ compressionLevel: 4 }),
    // Half the chroma shows at the edges that were just sharpened.
    jpeg: () => raw.jpeg({ quality, chromaSubsampling: quality >= 90 ? "4:4:4" : "4:2:0" }),
    webp: () => raw.webp({ quality, effort: 2 }),
  };
  const bytes = await encoders[format]().toBuffer();
  return profile === undefined ? bytes : attachProfile(bytes, format, profile);
}
