import { z } from "zod";
import { outputSchema, rungSchema } from "../film/profile.ts";
import { sourceSchema } from "../film/source.ts";
import { reasonSchema } from "../stream/stream.ts";
import { timelineSchema } from "../film/timeline.ts";

/** One frame that is to become a picture file. */
export const stillOrderSchema = z.object({
  source: sourceSchema,
  timeline: timelineSchema,
  output: outputSchema,
  frame: z.int().nonnegative(),
  /** What upscales it; null: the source's own pixels, enlarged by ffmpeg's bicubic scaler. */
  rung: rungSchema.nullable(),
  /** The PNG to write, of the output's size; raw frames are written beside it. */
  target: z.string(),
});
export type StillOrder = z.infer<typeof stillOrderSchema>;

/** The one line that the process of a still prints. */
export const stillOutcomeSchema = z.discriminatedUnion("outcome", [
  z.object({
    outcome: z.literal("made"),
    /** Of the network alone, in one thread; null without one. */
    inferenceMs: z.number().nullable(),
  }),
  z.object({ outcome: z.literal("refused"), reason: reasonSchema }),
]);
export type StillOutcome = z.infer<typeof stillOutcomeSchema>;

/** Answer of `GET /compare/:id?n=`. */
export const compareAnswerSchema = z.object({
  id: z.string(),
  frame: z.int(),
  width: z.int(),
  height: z.int(),
  pictures: z.array(
    z.object({
      /** `original`, or the id of a model. */
      model: z.string(),
      description: z.string(),
      url: z.string(),
      /** What this machine should make of it in a film of this size; null: not measured. */
      fps: z.number().nullable(),
      /** Film seconds a second: 1 is real time. */
      speed: z.number().nullable(),
      /** What the network took for this very frame; null: not made yet, or without a network. */
      inference_ms: z.number().nullable(),
      /** Why it cannot make this film; null: it can. */
      reason: z.string().nullable(),
    }),
  ),
});
export type CompareAnswer = z.infer<typeof compareAnswerSchema>;
