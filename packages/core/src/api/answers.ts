import { z } from "zod";
import { reasonSchema } from "../stream/stream.ts";
import { expectation } from "./stream-status.ts";

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

/** Body of every HTTP error. */
export const errorAnswerSchema = z.object({
  status: z.literal("error"),
  code: z.string(),
  message: z.string(),
  expected: z.string().optional(),
  got: z.string().optional(),
});
export type ErrorAnswer = z.infer<typeof errorAnswerSchema>;
