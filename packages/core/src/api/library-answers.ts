import { z } from "zod";
import { streamStatusSchema } from "./stream-status.ts";

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
