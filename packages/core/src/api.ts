import { z } from "zod";
import { STREAM_STATES, reasonSchema } from "./stream.ts";

/** `GET /status/:id`, `/progress/:id` and each SSE event of `/events`. */
export const streamStatusSchema = z.object({
  id: z.string(),
  title: z.string(),
  state: z.enum(STREAM_STATES),
  frames_done: z.int(),
  /** null until probed. */
  frames_total: z.int().nullable(),
  /** 0 to 1. */
  ratio: z.number(),
  /** Film seconds made in a second of wall time; 0 when nothing runs. */
  speed: z.number(),
  fps: z.number(),
  eta_seconds: z.number().nullable(),
  /** Seconds ready beyond the playhead. */
  lead_seconds: z.number(),
  /** True once live.m3u8 plays without waiting. */
  ready: z.boolean(),
  segments_ready: z.int(),
  segments_total: z.int().nullable(),
  /** What is ready, as [from, to) in seconds of the film, in order and apart from each other. */
  ready_ranges: z.array(z.tuple([z.number(), z.number()])),
  /** What runs are making now, in the same form. */
  making_ranges: z.array(z.tuple([z.number(), z.number()])),
  model: z.string().nullable(),
  provider: z.string().nullable(),
  encoder: z.string().nullable(),
  width: z.int().nullable(),
  height: z.int().nullable(),
  duration_seconds: z.number().nullable(),
  reason: reasonSchema.nullable(),
  file: z.string().nullable(),
});
export type StreamStatus = z.infer<typeof streamStatusSchema>;

const urls = {
  id: z.string(),
  hls_url: z.string(),
  live_url: z.string(),
  player_url: z.string(),
  check_url: z.string(),
};

/** Answers of `POST /upscale-trigger`. */
export const triggerAnswerSchema = z.discriminatedUnion("status", [
  z.object({ status: z.literal("started"), ...urls }),
  z.object({ status: z.literal("queued"), ...urls }),
  z.object({ status: z.literal("streaming"), ...urls }),
  z.object({ status: z.literal("exists"), ...urls, file: z.string() }),
]);
export type TriggerAnswer = z.infer<typeof triggerAnswerSchema>;

/** Body of every HTTP error. */
export const errorAnswerSchema = z.object({
  status: z.literal("error"),
  code: z.string(),
  message: z.string(),
  expected: z.string().optional(),
  got: z.string().optional(),
});
export type ErrorAnswer = z.infer<typeof errorAnswerSchema>;
