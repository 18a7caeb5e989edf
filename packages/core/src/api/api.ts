import { z } from "zod";
import { profileSchema } from "../film/profile.ts";
import { STREAM_STATES, prioritySchema, reasonSchema } from "../stream/stream.ts";
import { toldSchema } from "../told/told.ts";

/** What a viewer can expect who begins now; null where it is not known yet. */
const expectation = {
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
  /** Never deleted to make room. */
  pinned: z.boolean(),
  /** The plugin that looks at the film now; absent: none. */
  looked_at_by: z.string().optional(),
  /** Who watch now, as far as is known. */
  viewers: z.int(),
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
});
export type StreamStatus = z.infer<typeof streamStatusSchema>;

/** Body of `POST /streams/:id/model`: what is not in it stays; a sharpness of null is that of the settings. */
export const modelOrderSchema = z
  .strictObject({
    model: profileSchema.shape.model.max(200),
    sharpness: profileSchema.shape.sharpness.unwrap().nullable(),
  })
  .partial();
export type ModelOrder = z.infer<typeof modelOrderSchema>;

/** What a trigger's answer adds as soon as it is known. */
const known = z.object(expectation).partial().shape;

const urls = {
  id: z.string(),
  hls_url: z.string(),
  live_url: z.string(),
  player_url: z.string(),
  check_url: z.string(),
  /** Fields of the request that mean nothing to Upreel. */
  ignored: z.array(z.string()).optional(),
};

/** `/status/:id` of a trigger that named only an item of Jellyfin's, until its stream is known. */
export const lookupStatusSchema = z.object({
  id: z.string(),
  /** `left_alone`: it is not to be upscaled, `message` says why. */
  state: z.enum(["accepted", "left_alone", "failed"]),
  message: z.string(),
  reason: reasonSchema.nullable(),
});
export type LookupStatus = z.infer<typeof lookupStatusSchema>;

/** Answers of `POST /upscale-trigger`. */
export const triggerAnswerSchema = z.discriminatedUnion("status", [
  z.object({ status: z.literal("started"), ...urls, ...known }),
  z.object({ status: z.literal("queued"), ...urls, ...known }),
  z.object({ status: z.literal("streaming"), ...urls, ...known }),
  z.object({ status: z.literal("exists"), ...urls, file: z.string() }),
]);
export type TriggerAnswer = z.infer<typeof triggerAnswerSchema>;

/** Answer of `POST /streams/:id/export`. */
export const exportAnswerSchema = z.object({
  status: z.literal("exported"),
  id: z.string(),
  /** Absolute path. */
  file: z.string(),
  /** Tracks of the source that the format cannot hold. */
  left_out: z.array(z.string()),
});
export type ExportAnswer = z.infer<typeof exportAnswerSchema>;

/** Answer of `POST /upscale-trigger` to a body that names no file: the work is done later. */
export const acceptedAnswerSchema = z.object({
  status: z.literal("accepted"),
  message: z.string(),
  check_url: z.string(),
});
export type AcceptedAnswer = z.infer<typeof acceptedAnswerSchema>;

/** Answer of `/library/pictures…`: Jellyfin's posters, backdrops and photos that are too small. */
export const libraryPicturesSchema = z.object({
  /** `off`: without JELLYFIN_URL and JELLYFIN_API_KEY. */
  state: z.enum(["off", "idle", "upscaling", "undoing"]),
  /** Of this time: pictures that were upscaled or put back, looked at, and could not be. */
  done: z.int(),
  looked_at: z.int(),
  failed: z.int(),
  /** What is being worked on, or why it ended. */
  message: z.string(),
  /** Pictures whose original is kept. */
  kept: z.int(),
});
export type LibraryPictures = z.infer<typeof libraryPicturesSchema>;

/** Answer of `GET /library/plan` and `POST /library/start`: what is upscaled ahead of time. */
export const libraryAnswerSchema = z.object({
  state: z.enum(["off", "waiting", "working", "paused"]),
  message: z.string(),
  begun_tonight: z.int(),
  current: streamStatusSchema.nullable(),
  /** null until this machine has made a film. */
  estimated_seconds_tonight: z.number().nullable(),
  /** In the order in which they are made. */
  films: z.array(
    z.object({
      item_id: z.string(),
      title: z.string(),
      /** As Jellyfin names it. */
      path: z.string(),
      /** The rule that wants it. */
      why: z.string(),
      height: z.int().nullable(),
      duration_seconds: z.number(),
      ratio: z.number(),
      estimated_seconds: z.number().nullable(),
      tonight: z.boolean(),
    }),
  ),
  skipped: z.array(z.object({ title: z.string(), why: z.string() })),
});
export type LibraryAnswer = z.infer<typeof libraryAnswerSchema>;

/** Body of every HTTP error. */
export const errorAnswerSchema = z.object({
  status: z.literal("error"),
  code: z.string(),
  message: z.string(),
  expected: z.string().optional(),
  got: z.string().optional(),
});
export type ErrorAnswer = z.infer<typeof errorAnswerSchema>;
