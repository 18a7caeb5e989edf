import { z } from "zod";
import { parseHours } from "../hours.ts";

/** Part of a URL and of a file. */
export const workerNameSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,31}$/, "small letters, digits and dashes, at most 32");

/** What a machine of the farm may be used for; what is missing has no bound. */
export const workerLimitsSchema = z.object({
  /** Runs at a time, where it offers more. */
  streams: z.int().min(1).max(64).optional(),
  /** When it may work, in the gateway's time. */
  hours: z
    .string()
    .refine((text) => parseHours(text) !== undefined, "HH:MM-HH:MM")
    .optional(),
  /** Its share of a film is that of a machine so many times as fast. */
  weight: z.number().min(0.1).max(10).optional(),
  /** Of its line, each way; a segment that is large has to pass within a minute. */
  megabits: z.number().min(4).max(100_000).optional(),
  /** False: not while its owner plays or works there. */
  whileInUse: z.boolean().optional(),
});
export type WorkerLimits = z.infer<typeof workerLimitsSchema>;

/** `PATCH /farm/workers/NAME`; null takes a limit away. */
export const workerLimitsChangeSchema = z.strictObject({
  streams: workerLimitsSchema.shape.streams.nullable(),
  hours: workerLimitsSchema.shape.hours.nullable(),
  weight: workerLimitsSchema.shape.weight.nullable(),
  megabits: workerLimitsSchema.shape.megabits.nullable(),
  while_in_use: workerLimitsSchema.shape.whileInUse.nullable(),
});
export type WorkerLimitsChange = z.infer<typeof workerLimitsChangeSchema>;

export const WORKER_STATES = [
  ...(["away", "idle", "working", "suspected"] as const),
  ...(["paused", "draining", "resting", "in_use"] as const),
] as const;

/** One machine of the farm, as `GET /farm` tells of it. */
export const farmWorkerSchema = z.object({
  name: z.string(),
  /**
   * `suspected`: it has been silent for two seconds and gets no more work. `paused`: by hand. `draining`: it ends what
   * it makes. `resting`: outside of its hours. `in_use`: its owner plays or works there.
   */
  state: z.enum(WORKER_STATES),
  limits: z.object({
    streams: z.int().nullable(),
    hours: z.string().nullable(),
    weight: z.number().nullable(),
    /** Mbit/s of its line, each way. */
    megabits: z.number().nullable(),
    while_in_use: z.boolean(),
  }),
  /** Processor and GPUs in one line; null before it was here. */
  hardware: z.string().nullable(),
  version: z.string().nullable(),
  /** Of its hottest GPU, in °C; null where it does not tell. */
  gpu_celsius: z.number().nullable().default(null),
  /** Runs at a time. */
  places: z.int(),
  /** Networks that were measured there and work. */
  networks: z.int(),
  /** Frames a second that it makes now, all runs together. */
  fps: z.number(),
  /** Segments taken from it, and refused, since it was here last. */
  segments: z.int(),
  refused: z.int(),
  /** Bytes of segments that came. */
  bytes: z.int(),
  /** What it makes. */
  runs: z.array(
    z.object({
      stream: z.string(),
      title: z.string(),
      from_segment: z.int(),
      to_segment: z.int(),
      fps: z.number(),
    }),
  ),
  /** What went wrong last, in words for people. */
  problem: z.string().nullable(),
});
export type FarmWorker = z.infer<typeof farmWorkerSchema>;

/** `GET /farm`. */
export const farmAnswerSchema = z.object({ workers: z.array(farmWorkerSchema) });
export type FarmAnswer = z.infer<typeof farmAnswerSchema>;

/** `POST /farm/workers`: how the machine joins. */
export const farmJoinSchema = z.object({
  name: z.string(),
  /** Its password, told only here. It belongs in no command line: everybody on a computer can read those. */
  key: z.string(),
  /** Addresses with the name inside, the likeliest to be reached first. */
  join: z.array(z.string()),
});
export type FarmJoin = z.infer<typeof farmJoinSchema>;
