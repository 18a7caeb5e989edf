import { z } from "zod";
import { ERROR_CODES } from "../errors.ts";
import { fileIdentitySchema } from "../film/file-identity.ts";
import { MOST_SEGMENTS } from "../film/longest-film.ts";
import { modelChoiceSchema, outputSchema, profileSchema, type Profile } from "../film/profile.ts";
import { sourceSchema } from "../film/source.ts";
import { timelineSchema } from "../film/timeline.ts";

/** `idle`: partly made, no run. */
export const STREAM_STATES = [
  "queued",
  "starting",
  "running",
  "paused",
  "idle",
  "complete",
  "failed",
  "cancelled",
] as const;
export type StreamState = (typeof STREAM_STATES)[number];

const ACTIVE: ReadonlySet<StreamState> = new Set(["queued", "starting", "running", "paused"]);
/** Whether segments are being made or will be without anyone asking again. */
export const isActive = (state: StreamState): boolean => ACTIVE.has(state);

/**
 * Who a stream is made for, first the most urgent: somebody who watches or is about to, the next
 * episode of what is watched, or nobody in particular.
 */
export const PRIORITIES = ["viewer", "next", "background"] as const;
export const prioritySchema = z.enum(PRIORITIES);
export type Priority = z.infer<typeof prioritySchema>;

/** Why a stream is in the state it is in; shown to people. */
export const reasonSchema = z.object({
  code: z.enum(ERROR_CODES),
  message: z.string(),
  expected: z.string().optional(),
  got: z.string().optional(),
});
export type Reason = z.infer<typeof reasonSchema>;

/** Segments [from, to) made by one model and provider. */
export const madeRangeSchema = z.object({
  from: z.int().nonnegative(),
  to: z.int().positive(),
  model: z.string(),
  provider: z.string(),
});
export type MadeRange = z.infer<typeof madeRangeSchema>;

/** `streams/<id>/stream.json`: what a stream is and what is made; the segments folder is the truth. */
export const streamRecordSchema = z.object({
  version: z.literal(1),
  id: z.string(),
  title: z.string(),
  file: fileIdentitySchema,
  profile: profileSchema,
  /** What is made from now on is made by this; the profile stays, since the id comes of it. */
  choice: modelChoiceSchema.optional(),
  priority: prioritySchema.default("viewer"),
  /** Only its first segments were made, for somebody who may play it; nobody has yet. */
  prepared: z.boolean().optional(),
  createdAtMs: z.number(),
  /** When the simulated broadcast of live.m3u8 began. */
  broadcastStartedAtMs: z.number(),
  /** State worth keeping over a restart; a running stream is kept as `idle`. */
  state: z.enum(["idle", "complete", "failed", "cancelled", "paused"]),
  reason: reasonSchema.optional(),
  /** Digest of bytes here and there in the file, as it was when it was planned: whether a longer one begins alike. */
  fingerprint: z.string().max(100).optional(),
  /** Known after probing. */
  source: sourceSchema.optional(),
  timeline: timelineSchema.optional(),
  output: outputSchema.optional(),
  /** The film was cut (`source_truncated`) where two runs found the same end; older cuts rest on one. */
  isEndProven: z.boolean().optional(),
  made: z.array(madeRangeSchema),
  /**
   * How many pictures of the source were decoded for segment k, until the film is compared with its source;
   * null: not known, as of one whose worker was killed.
   */
  decoded: z.array(z.int().nonnegative().nullable()).max(MOST_SEGMENTS).optional(),
  /** Of its owner among several gateways: a later one has a higher number. */
  fence: z.int().nonnegative().optional(),
  /** Never deleted to make room, nor by `clean`. */
  pinned: z.boolean().optional(),
  /** Segments that a better rung has made again. */
  remade: z.int().nonnegative().default(0),
  /** Absolute path of the verified archive. */
  archive: z.string().optional(),
  /**
   * Segment k is bytes [archiveOffsets[k], archiveOffsets[k + 1]) of the archive; the last one is the
   * archive's length. Without them the segments are files of their own.
   */
  archiveOffsets: z.array(z.int().nonnegative()).optional(),
});
export type StreamRecord = z.infer<typeof streamRecordSchema>;

/** How a stream is made from now on. */
export const profileNow = ({
  profile,
  choice,
}: Pick<StreamRecord, "profile" | "choice">): Profile => ({
  ...profile,
  model: choice?.model ?? profile.model,
  ...(choice?.dropsSharpness === true && { sharpness: undefined }),
  ...(choice?.sharpness !== undefined && { sharpness: choice.sharpness }),
  ...(choice?.faces !== undefined && { faces: choice.faces ?? undefined }),
});
