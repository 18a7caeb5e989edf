import { z } from "zod";
import { toldSchema } from "../told/told.ts";
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

/** What networks are made for. */
export const CONTENTS = ["film", "animation"] as const;
export type Content = (typeof CONTENTS)[number];

/** By how much a picture is enlarged. */
export const scaleSchema = z.union([z.int().min(1).max(8), z.literal(1.5)]);

/** What is wanted: `auto` is as large as the screen. */
export const wantedScaleSchema = z.union([z.literal("auto"), scaleSchema]);

/** How to upscale, as asked for. */
export const profileSchema = z.object({
  /** Model id, or `auto`. */
  model: z.string().min(1),
  /** Wanted scale; the model's own factor decides what is inferred, the output is fitted to this. */
  scale: wantedScaleSchema,
  encoder: z.enum([...VIDEO_ENCODERS, "auto"]),
  /** CRF-like quality, 0 (best) to 51. */
  quality: z.int().min(0).max(51),
  /** What the film is; without, it is looked at where that decides the model. */
  content: z.enum(CONTENTS).optional(),
  /** Lines of the screen: the picture becomes no larger than that. Default: as the settings say. */
  targetHeight: z.int().positive().optional(),
  /** 0 (faithful) to 1 (crisp): which built-in networks are taken. Default: as the settings say. */
  sharpness: z.number().min(0).max(1).optional(),
  /** How much faces are restored, 0 to 1; without, they are not. */
  faces: z.number().min(0).max(1).optional(),
  /** The sound beside the pictures: a track by its index in the file, or the first in a language. */
  audio: z.union([z.int().nonnegative(), z.string()]).optional(),
});
export type Profile = z.infer<typeof profileSchema>;

/** What a viewer chose for a film that exists, in place of what its profile says. */
export const modelChoiceSchema = profileSchema
  .pick({ model: true, sharpness: true })
  .extend({
    /** Null: they are not restored, whatever the profile says. */
    faces: profileSchema.shape.faces.unwrap().nullable(),
    /** The sharpness is as the settings say, whatever the profile says. Not `sharpness: null`: 0.4 could not read that. */
    dropsSharpness: z.literal(true),
  })
  .partial();
export type ModelChoice = z.infer<typeof modelChoiceSchema>;

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
  /** The source's codec leaves the edges of its blocks in the picture. */
  leavesBlocks: z.boolean().optional(),
  /** What the film was found or said to be, and why; where that decides the model. */
  content: z.object({ kind: z.enum(CONTENTS), why: z.string() }).optional(),
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

/** How a network takes and gives frames; everything is uint8 planes, no pixel is touched in JavaScript. */
export const modelSpecSchema = z.object({
  id: z.string(),
  /** Absolute path of the ONNX file with input `x` and output `y`; empty for the plain scaler. */
  file: z.string(),
  /**
   * Names what is in the file, on every machine: SHA-256 of a built-in network; of an adapted one that of what
   * it was made of, and which adapter made it. Empty for the plain scaler.
   */
  hash: z.string(),
  /**
   * `luma`: [1,1,H,W] to [1,1,2H,2W]; decoded as yuv444p, whose chroma planes are the 4:2:0 chroma of
   * the output. One of another factor gives sides as `enlarged` says, and its chroma is decoded in its own size.
   * `planes`: [1,3,H,W] to [1,3,sH,sW], as gbrp or as yuv444p with full chroma. `copy`: frames arrive
   * scaled, no inference.
   */
  kind: z.enum(["luma", "planes", "copy"]),
  pixelFormat: z.enum(["yuv444p", "gbrp", "yuv420p"]),
  scale: scaleSchema,
  /** Memory that one thread needs while it runs, for each pixel of its input; where it was measured. */
  bytesPerPixel: z.int().positive().optional(),
  /** Pixels of input around a pixel that its output depends on; where it was measured. */
  halo: z.int().nonnegative().optional(),
  /** The one size of pictures that the network takes, with the input pixels that it loses at its borders. */
  fixed: z
    .object({
      width: z.int().positive(),
      height: z.int().positive(),
      trim: z.int().nonnegative(),
      trimEnd: z.int().nonnegative(),
    })
    .optional(),
});
export type ModelSpec = z.infer<typeof modelSpecSchema>;

/** The last rung: ffmpeg's own lanczos scaler, when no network is fast enough. */
export const PLAIN_SCALER: ModelSpec = {
  id: "lanczos",
  file: "",
  hash: "",
  kind: "copy",
  pixelFormat: "yuv420p",
  scale: 1,
};

/** A network by what is in it, and where it lies. */
const networkFileSchema = modelSpecSchema.pick({ id: true, file: true, hash: true });

/** How faces are restored in finished frames. */
export const faceWorkSchema = z.object({
  /** How much of the restored face is taken, 0 to 1. */
  strength: z.number().min(0).max(1),
  /** Where the restorer runs. */
  provider: z.string(),
  detector: networkFileSchema,
  restorer: networkFileSchema,
});
export type FaceWork = z.infer<typeof faceWorkSchema>;

export const rungSchema = z.object({
  model: modelSpecSchema,
  /** Faces are restored after the network; the model's id says so, too (`withFacesId`). */
  faces: faceWorkSchema.optional(),
  /** An ONNX Runtime execution provider, or `ffmpeg` for the plain scaler. */
  provider: z.string(),
  /** Larger pictures go through the network in tiles of at most so many pixels. */
  tilePixels: z.int().positive().optional(),
  /** Why it is this one, in sentences for people. */
  why: z.array(toldSchema).max(4).optional(),
});
/** One rung of the ladder: what makes the pictures of a segment. */
export type Rung = z.infer<typeof rungSchema>;

const FACES_MARK = "+faces";

/** A rung is known by its model's id, in records as in measurements: what restores faces, too, has one of its own. */
export const withFacesId = (id: string): string => `${id}${FACES_MARK}`;
export const restoresFaces = (id: string): boolean => id.endsWith(FACES_MARK);
export const withoutFacesId = (id: string): string =>
  restoresFaces(id) ? id.slice(0, -FACES_MARK.length) : id;

/** Whether two rungs are the same network at the same place. */
export const isSameRung = (a: Rung, b: Rung): boolean =>
  a.model.id === b.model.id && a.provider === b.provider && a.tilePixels === b.tilePixels;

/** A rung of an order, by name. */
export const rungNameSchema = z.object({ model: z.string(), provider: z.string() });
export type RungName = z.infer<typeof rungNameSchema>;

export const nameOfRung = ({
  model,
  provider,
}: {
  readonly model: Pick<ModelSpec, "id">;
  readonly provider: string;
}): RungName => ({ model: model.id, provider });

/**
 * The network whose frames decoder and encoder of a run are set up for; the plain scaler, which takes and gives those of
 * any, only where there is none.
 */
export const framesOf = (rungs: readonly [Rung, ...Rung[]]): ModelSpec =>
  (rungs.find(({ model }) => model.kind !== "copy") ?? rungs[0]).model;

/** Whether a run with the frames of `frames` can change to `model`. */
export const sharesFrames = (frames: ModelSpec, model: ModelSpec): boolean =>
  frames.kind !== "copy" &&
  (model.kind === "copy" ||
    (frames.kind === model.kind &&
      frames.pixelFormat === model.pixelFormat &&
      frames.scale === model.scale));
