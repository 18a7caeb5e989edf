import { z } from "zod";
import { runStepSchema } from "./first-steps.ts";
import { MOST_SEGMENTS } from "../film/longest-film.ts";
import { rungNameSchema, rungSchema } from "../film/profile.ts";
import { rungMeasurementSchema } from "./provider.ts";
import { resolvedRunSchema } from "./run-order.ts";
import { stageReportSchema } from "../told/stage.ts";
import { reasonSchema } from "../stream/stream.ts";

/** What a run has made, however it ended. */
const madeByRun = {
  frames: z.int(),
  /** How many pictures of the source were decoded for each of its whole segments, from `fromSegment` on. */
  decoded: z.array(z.int().nonnegative()).max(MOST_SEGMENTS).optional(),
};

/** Why a run ended; exactly one `ended` message closes every run. */
export const runEndSchema = z.discriminatedUnion("why", [
  /** `frames` pictures were written from the first one of `fromSegment`. */
  z.object({ why: z.literal("finished"), ...madeByRun }),
  /** The source held fewer pictures than promised; `frames` were written and are good. */
  z.object({ why: z.literal("source_truncated"), ...madeByRun }),
  z.object({ why: z.literal("cancelled"), ...madeByRun }),
  z.object({
    why: z.literal("failed"),
    ...madeByRun,
    reason: reasonSchema,
    /** One of its processes was killed by somebody else: for want of memory, or by hand. */
    wasKilled: z.boolean().optional(),
  }),
]);
export type RunEnd = z.infer<typeof runEndSchema>;

/** Gateway to worker. */
export const workerCommandSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("warm"), rung: rungSchema }),
  /** How fast they are, by a look of some hundredths of a second each: when all that was to be warmed is. */
  z.object({ type: z.literal("look"), rungs: z.array(rungSchema) }),
  z.object({ type: z.literal("start"), order: resolvedRunSchema }),
  z.object({ type: z.literal("pause") }),
  z.object({ type: z.literal("resume") }),
  z.object({ type: z.literal("cancel") }),
  /** The run goes on with another of its rungs as soon as that is loaded, from this segment on at the soonest. */
  z.object({
    type: z.literal("set-rung"),
    rung: rungNameSchema,
    fromSegment: z.int().nonnegative(),
  }),
]);
export type WorkerCommand = z.infer<typeof workerCommandSchema>;

/** Worker to gateway. */
export const workerEventSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("ready"), pid: z.int() }),
  z.object({ type: z.literal("warmed"), model: z.string(), provider: z.string() }),
  z.object({ type: z.literal("warm-failed"), reason: reasonSchema }),
  z.object({
    type: z.literal("looked"),
    measurements: z.array(rungMeasurementSchema),
    /** All that they took. */
    tookMs: z.number(),
  }),
  z.object({
    type: z.literal("started"),
    runId: z.string(),
    pids: z.array(z.int()),
    model: z.string(),
    provider: z.string(),
  }),
  z.object({
    type: z.literal("progress"),
    runId: z.string(),
    /** Frames of this run handed to the encoder. */
    frames: z.int(),
    fps: z.number(),
    /** Inference saved so far, in frames. */
    saved: z.number(),
    /** What holds it up; absent before that is known. */
    stages: stageReportSchema.optional(),
    /** By what its segments are made, each from one of them on to the next one's. */
    rungs: z.array(rungNameSchema.extend({ fromSegment: z.int() })),
    /** What was asked for and cannot be loaded: the rung before goes on. */
    refused: z.array(rungNameSchema.extend({ reason: reasonSchema })),
  }),
  /** On the way to its first segment, each once. */
  z.object({ type: z.literal("step"), runId: z.string(), step: runStepSchema, atMs: z.number() }),
  z.object({ type: z.literal("ended"), runId: z.string(), end: runEndSchema }),
  z.object({ type: z.literal("heartbeat") }),
  z.object({
    type: z.literal("log"),
    level: z.enum(["debug", "info", "warn", "error"]),
    message: z.string(),
  }),
]);
export type WorkerEvent = z.infer<typeof workerEventSchema>;
