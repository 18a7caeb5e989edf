import { z } from "zod";
import { colourSchema } from "./source.ts";

export const VIDEO_ENCODERS = [
  "libx264",
  "h264_nvenc",
  "h264_qsv",
  "h264_vaapi",
  "libx265",
  "hevc_nvenc",
] as const;
export type VideoEncoder = (typeof VIDEO_ENCODERS)[number];

/** How to upscale, as asked for. */
export const profileSchema = z.object({
  /** Model id, or `auto`. */
  model: z.string().min(1),
  /** Wanted scale; the model's own factor decides what is inferred, the output is fitted to this. */
  scale: z.int().min(1).max(8),
  encoder: z.enum([...VIDEO_ENCODERS, "auto"]),
  /** CRF-like quality, 0 (best) to 51. */
  quality: z.int().min(0).max(51),
});
export type Profile = z.infer<typeof profileSchema>;

/**
 * What the pictures of a stream look like; fixed at its first run, so that segments of different
 * runs and rungs go together.
 */
export const outputSchema = z.object({
  /** Square-pixel, upright size that is fed to the model. */
  inputWidth: z.int().positive(),
  inputHeight: z.int().positive(),
  width: z.int().positive(),
  height: z.int().positive(),
  encoder: z.enum(VIDEO_ENCODERS),
  quality: z.int().min(0).max(51),
  colour: colourSchema,
  audio: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("none") }),
    z.object({ kind: z.literal("copy"), index: z.int(), sampleRate: z.int().positive() }),
    z.object({
      kind: z.literal("aac"),
      index: z.int(),
      sampleRate: z.int().positive(),
      channels: z.int().positive(),
      bitrate: z.int().positive(),
    }),
  ]),
});
export type Output = z.infer<typeof outputSchema>;

/** One rung of the ladder: what makes the pictures of a segment. */
export const rungSchema = z.object({
  /** Model id, or `lanczos` for the plain scaler. */
  model: z.string(),
  provider: z.string(),
});
export type Rung = z.infer<typeof rungSchema>;

