import { z } from "zod";

/** Part of a URL and of a file. */
export const workerNameSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,31}$/, "small letters, digits and dashes, at most 32");

/** One machine of the farm, as `GET /farm` tells of it. */
export const farmWorkerSchema = z.object({
  name: z.string(),
  /**
   * `suspected`: it has been silent for two seconds and gets no more work. `paused`: by hand. `draining`: it ends what
   * it makes.
   */
  state: z.enum(["away", "idle", "working", "suspected", "paused", "draining"]),
  /** Processor and GPUs in one line; null before it was here. */
  hardware: z.string().nullable(),
  version: z.string().nullable(),
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
