import { z } from "zod";
import { modelSpecSchema, scaleSchema } from "../film/profile.ts";
import { reasonSchema } from "../stream/stream.ts";

/** Order of the colours of a network on three of them. */
export type ChannelOrder = "rgb" | "bgr";

/** What is known of a network that was made to take and give planes of bytes. */
export const preparedModelSchema = modelSpecSchema
  .omit({ id: true, file: true, hash: true })
  .extend({
    kind: z.enum(["luma", "planes"]),
    /** Stored numbers: weights, biases and constants. */
    parameters: z.int().nonnegative(),
  });
export type PreparedModel = z.infer<typeof preparedModelSchema>;

/** How far the download of a public model is. */
export const modelDownloadSchema = z.object({
  /** `checking`: all is there and the model is tried out. */
  state: z.enum(["downloading", "checking", "done", "failed"]),
  bytes: z.int(),
  total: z.int(),
  /** Why it failed; it may be tried again. */
  reason: reasonSchema.nullable(),
});
export type ModelDownload = z.infer<typeof modelDownloadSchema>;

/** A model as it is shown to people and programs: an entry of `GET /models`. */
export const modelEntrySchema = z.object({
  id: z.string(),
  /** What people call it. */
  name: z.string(),
  /**
   * `ready`: may be asked for. `checking`: an imported one that is being tried out. `available`: a public
   * one that can be downloaded.
   */
  state: z.enum(["ready", "checking", "refused", "available"]),
  origin: z.enum(["built-in", "imported", "public"]),
  /** `luma`: brightness alone. `yuv`: colours are scaled inside. `rgb`: all three. null until known. */
  kind: z.enum(["luma", "yuv", "rgb", "scaler"]).nullable(),
  /** Magnification of the network; null where any is possible or it is not known. */
  scale: scaleSchema.nullable(),
  description: z.string(),
  size_bytes: z.int(),
  parameters: z.int().nullable(),
  /** Input that one thread of this machine upscales, in millions of pixels a second; null: not measured. */
  megapixels_per_second: z.number().nullable(),
  /** Each provider that it was tried on here. */
  providers: z.array(
    z.object({
      provider: z.string(),
      /** null: refused. */
      megapixels_per_second: z.number().nullable(),
      /** PSNR to the CPU's output, or of int8 to fp32; null where it is the reference itself. */
      likeness_db: z.number().nullable(),
      /** Nodes of the graph by the provider that really ran them. */
      nodes: z.record(z.string(), z.int()).nullable(),
      /** Why it is not used there. */
      reason: reasonSchema.nullable(),
    }),
  ),
  /** Memory of one thread for each pixel of the film. */
  bytes_per_pixel: z.int().nullable(),
  /** Whether a worker keeps it loaded, so that the next film starts with it at once. */
  loaded: z.boolean(),
  /** Of a public model: null for others. */
  public: z
    .object({
      name: z.string(),
      good_at: z.string(),
      content: z.enum(["any", "animation", "film"]),
      licence: z.string(),
      credit: z.string(),
      url: z.string(),
      sha256: z.string(),
    })
    .nullable(),
  /** Since the gateway started. */
  download: modelDownloadSchema.nullable(),
  /** Why it is refused. */
  reason: reasonSchema.nullable(),
});
export type ModelEntry = z.infer<typeof modelEntrySchema>;

/** The one line that the import process prints. */
export const importOutcomeSchema = z.discriminatedUnion("outcome", [
  z.object({ outcome: z.literal("prepared"), model: preparedModelSchema }),
  z.object({ outcome: z.literal("refused"), reason: reasonSchema }),
]);
export type ImportOutcome = z.infer<typeof importOutcomeSchema>;

/** The same of the process that takes a second file's weights in. */
export const joinOutcomeSchema = z.discriminatedUnion("outcome", [
  z.object({ outcome: z.literal("joined") }),
  z.object({ outcome: z.literal("refused"), reason: reasonSchema }),
]);
export type JoinOutcome = z.infer<typeof joinOutcomeSchema>;
