import { z } from "zod";
import { profileSchema } from "../film/profile.ts";
import { STREAM_STATES, prioritySchema, reasonSchema } from "../stream/stream.ts";
import { toldSchema } from "../told/told.ts";
import { ofAnyVersion } from "./of-any-version.ts";

/** What a viewer can expect who begins now; null where it is not known yet. */
export const expectation = {
  /** Film seconds made in a second while somebody watches: predicted, then measured. */
  expected_speed: z.number().nullable(),
  /** Seconds of playing from now until the first stall; null when none is expected. */
  first_stall_seconds: z.number().nullable(),
  /** Whether to play the upscaled film or, for now, the original. */
  advice: z.enum(["upscaled", "original"]).nullable(),
  /** The advice in one sentence for people. */
  advice_text: z.string().nullable(),
  /** The same for pages in other languages. */
  advice_told: toldSchema.nullable(),
};

/** `GET /status/:id`, `/progress/:id` and each SSE event of `/events`. */
export const streamStatusSchema = z.object({
  id: z.string(),
  title: z.string(),
  /** Of which film it is: the same for all versions of one file. */
  film: z.string(),
  state: z.enum(STREAM_STATES),
  frames_done: z.int(),
  /** null until probed. */
  frames_total: z.int().nullable(),
  /** 0 to 1: what is published. Never falls, but where the film itself gets longer. */
  ratio: z.number(),
  /** Film seconds made in a second of wall time; 0 when nothing runs. */
  speed: z.number(),
  fps: z.number(),
  /** Share of this run's inference, 0 to 1, that was saved where pictures stood still; null when nothing runs. */
  saved: z.number().nullable(),
  /** Which part of the run holds it up, and what would help; null when nothing runs, or it is not known yet. */
  stages: z
    .object({
      held_up_by: z.enum(["source", "decode", "network", "encode", "disk"]),
      /** Shares of the time, 0 to 1, in which a picture was on its way out of the decoder and into the encoder. */
      decode: z.number(),
      encode: z.number(),
      help: z.string(),
    })
    .nullable(),
  eta_seconds: z.number().nullable(),
  /** Seconds ready beyond the playhead; of several viewers, of the one who has the least. */
  lead_seconds: z.number(),
  priority: prioritySchema,
  /** Since when it is wanted, in milliseconds since 1970; of two with the same priority the older one is made first. */
  wanted_at: z.number().optional(),
  /** Never deleted to make room. */
  pinned: z.boolean(),
  /** The plugin that looks at the film now; absent: none. */
  looked_at_by: z.string().optional(),
  /** Who watch now, as far as is known. */
  viewers: z.int(),
  /** Somebody watches, or is about to, since it was just triggered: it is made before all others. Older gateways do not say so. */
  watched: z.boolean().optional(),
  ...expectation,
  /** True once live.m3u8 plays without waiting. */
  ready: z.boolean(),
  segments_ready: z.int(),
  segments_total: z.int().nullable(),
  /** Made once more by a better rung, while nobody watched near there. */
  segments_remade: z.int(),
  /** What is ready, as [from, to) in seconds of the film, in order and apart from each other. */
  ready_ranges: z.array(z.tuple([z.number(), z.number()])),
  /** What runs are making now, in the same form. */
  making_ranges: z.array(z.tuple([z.number(), z.number()])),
  /** Other machines that make some of it now, each with its frames a second and its part; without one: absent. */
  workers: z
    .array(
      z.object({ name: z.string(), fps: z.number(), range: z.tuple([z.number(), z.number()]) }),
    )
    .optional(),
  model: z.string().nullable(),
  provider: z.string().nullable(),
  /** `model` as people call it. */
  model_name: z.string().nullable(),
  /** Why this model on this provider, in words for people; null while nothing runs. */
  model_reason: z.string().nullable(),
  /** The same for pages in other languages, sentence by sentence. */
  model_reason_told: z.array(toldSchema).nullable(),
  /** What it is to be made by: as it was triggered, or as somebody chose since (`POST /streams/:id/model`). */
  wanted_model: z.string(),
  /** The same of 0 (faithful) to 1 (crisp); null: as the settings say. */
  wanted_sharpness: z.number().nullable(),
  /** CRF-like, 0 (best) to 51. */
  quality: z.int(),
  /** All that is made of it was only enlarged: no network was fast enough, or none was wanted. */
  plain: z.boolean(),
  /** Of faces: `off` not asked for; `on` restored in what is made now; `later` too slow now, where nobody waits for it. */
  faces: z.enum(["off", "on", "later"]),
  /** How much of a restored face is taken, 0 to 1; null: they are off. */
  faces_strength: z.number().nullable(),
  encoder: z.string().nullable(),
  width: z.int().nullable(),
  height: z.int().nullable(),
  /** What kind of HDR the source is, which becomes SDR; null: it is SDR. */
  hdr: z.string().nullable(),
  /** What is done with its fields, in words for people; null: it is progressive, and says so. */
  scan: z.string().nullable(),
  scan_told: toldSchema.nullable(),
  /** Of a film that is being written, up to where it is certain. */
  duration_seconds: z.number().nullable(),
  /** Its source is being written, and followed: it gets longer. */
  growing: z.boolean(),
  reason: reasonSchema.nullable(),
  file: z.string().nullable(),
  /** Of the finished film; null before. */
  size_bytes: z.int().nullable(),
});
export type StreamStatus = z.infer<typeof streamStatusSchema>;

/** What another gateway tells of a stream, which may be of an earlier version. */
export const toldStatusSchema = z.preprocess(
  (told) => (typeof told === "object" && told !== null ? ofAnyVersion(told as StreamStatus) : told),
  streamStatusSchema,
);

/** Body of `POST /streams/:id/model`: what is not in it stays; a sharpness of null is that of the settings, faces of null are off. */
export const modelOrderSchema = z
  .strictObject({
    model: profileSchema.shape.model.max(200),
    sharpness: profileSchema.shape.sharpness.unwrap().nullable(),
    faces: profileSchema.shape.faces.unwrap().nullable(),
  })
  .partial();
export type ModelOrder = z.infer<typeof modelOrderSchema>;
