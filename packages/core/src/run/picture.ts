import { z } from "zod";
import { faceWorkSchema, rungSchema } from "../film/profile.ts";
import { reasonSchema } from "../stream/stream.ts";

/** Pixel formats of raw frames; all are 8 bit and interleaved. */
export const FRAME_FORMATS = ["rgb24", "bgr24", "rgba", "gray"] as const;
export type FrameFormat = (typeof FRAME_FORMATS)[number];

/** Bytes of a pixel. */
export const FRAME_FORMAT_BYTES = {
  rgb24: 3,
  bgr24: 3,
  rgba: 4,
  gray: 1,
} as const satisfies Record<FrameFormat, number>;

/** Kinds of picture files that come out. */
export const PICTURE_FORMATS = ["png", "jpeg", "webp"] as const;
export type PictureFormat = (typeof PICTURE_FORMATS)[number];

/** Of any memory. */
const bytesSchema = z.custom<Uint8Array>((value) => value instanceof Uint8Array);

const side = z.int().min(1).max(32_768);

/** How large the result is: by a factor, or exactly so. */
export const pictureSizeSchema = z.union([
  z.object({ scale: z.number().min(1).max(8) }),
  z.object({ width: side, height: side }),
]);
export type PictureSize = z.infer<typeof pictureSizeSchema>;

/** What a picture or a frame is to become. */
const pictureWishSchema = z.object({
  input: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("file") }),
    z.object({ kind: z.literal("raw"), width: side, height: side, format: z.enum(FRAME_FORMATS) }),
  ]),
  size: pictureSizeSchema,
  output: z.discriminatedUnion("kind", [
    z.object({
      kind: z.literal("file"),
      /** `same`: that of the input, PNG where that cannot be written. */
      format: z.enum([...PICTURE_FORMATS, "same"]),
      /** Of JPEG and WebP, 1 to 100. */
      quality: z.int().min(1).max(100),
    }),
    z.object({ kind: z.literal("raw") }),
  ]),
  /** Faces of the result are restored. */
  faces: faceWorkSchema.optional(),
  /** Larger results are refused: they would not fit into memory. */
  mostPixels: z.int().positive(),
});
export type PictureWish = z.infer<typeof pictureWishSchema>;

/** Gateway to the process that makes pictures. */
export const pictureCommandSchema = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("upscale"),
    id: z.int(),
    rung: rungSchema,
    wish: pictureWishSchema,
    bytes: bytesSchema,
  }),
  /** Nobody wants it any more. */
  z.object({ type: z.literal("cancel"), id: z.int() }),
]);
export type PictureCommand = z.infer<typeof pictureCommandSchema>;

const madePictureSchema = z.object({
  bytes: bytesSchema,
  width: z.int(),
  height: z.int(),
  /** Of raw frames that of the input. */
  format: z.enum([...PICTURE_FORMATS, ...FRAME_FORMATS]),
  /** How many faces were restored, where that was wished. */
  faces: z.int().nonnegative().optional(),
});
/** A picture or frame as it came out. */
export type MadePicture = z.infer<typeof madePictureSchema>;

/** What that process says. */
export const pictureEventSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("made"), id: z.int(), picture: madePictureSchema }),
  z.object({ type: z.literal("refused"), id: z.int(), reason: reasonSchema }),
]);
export type PictureEvent = z.infer<typeof pictureEventSchema>;
