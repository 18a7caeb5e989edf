import { z } from "zod";
import { PROVIDERS, rungMeasurementSchema, type RungMeasurement } from "../run/provider.ts";
import { rungNameSchema, VIDEO_ENCODERS } from "../film/profile.ts";
import { runOrderSchema } from "../run/run-order.ts";
import { stageReportSchema } from "../told/stage.ts";
import { reasonSchema } from "../stream/stream.ts";
import { runEndSchema } from "../run/worker-messages.ts";

/**
 * Versions of the messages between a gateway and its workers on other machines that this Upreel speaks. 2: a rung may restore faces,
 * which a worker of 1 would leave out without a word, or enlarge luma by more than 2, whose colours a worker of 1 cannot decode.
 */
export const FARM_PROTOCOLS: readonly number[] = [2, 1];
/** From this version on a worker does both. */
export const NEWER_PROTOCOL = 2;

/** A worker beats so often … */
export const FARM_BEAT_MS = 1_000;
/** … and gets no more work after so long a silence, … */
export const FARM_SUSPECTED_MS = 2_000;
/** … and what it had goes to others after this. */
export const FARM_LOST_MS = 5_000;

/** A segment of two seconds at 100 Mbit/s has 25 MB. */
export const MOST_SEGMENT_BYTES = 128 * 1024 * 1024;
/** Of one message of a worker: measurements of all its networks are the longest. */
export const MOST_WORKER_MESSAGE_BYTES = 1024 * 1024;

const text = (length: number) => z.string().max(length);
/** Speeds are compared and added: one that no machine has would make nonsense of both. */
const MOST_FPS = 1_000_000;
const MOST_MEGAPIXELS_PER_SECOND = 1_000_000;
/** As the gateway made it; never part of a path. */
const runId = z.string().regex(/^[\w-]{1,64}$/);

/** What a machine is, for people. */
const workerFactsSchema = z.object({
  version: text(40),
  platform: text(40),
  cpu: text(200),
  cores: z.int().positive().max(4_096),
  memoryBytes: z.int().nonnegative(),
  gpus: z.array(text(200)).max(32),
  /** What its own doctor found wrong. */
  problems: z.array(text(300)).max(20).optional(),
});
export type WorkerFacts = z.infer<typeof workerFactsSchema>;

const isPossible = ({ measurement }: RungMeasurement): boolean =>
  measurement.outcome !== "proven" || measurement.megapixelsPerSecond <= MOST_MEGAPIXELS_PER_SECOND;

/** What a machine does for the farm. */
const workerOfferSchema = z.object({
  /** Runs at a time: as many as `MAX_STREAMS` allows. */
  places: z.int().min(1).max(64),
  providers: z.array(z.enum(PROVIDERS)).max(PROVIDERS.length),
  encoders: z.array(z.enum(VIDEO_ENCODERS)).max(VIDEO_ENCODERS.length),
  /** That infer for one run. */
  cores: z.int().positive().max(4_096),
  speeds: z
    .array(rungMeasurementSchema.refine(isPossible, "a speed that a machine has"))
    .max(1_000),
});
export type WorkerOffer = z.infer<typeof workerOfferSchema>;

/** Worker to gateway. */
export const farmReportSchema = z.discriminatedUnion("type", [
  /** First of all; everything else before it closes the connection. */
  z.object({
    type: z.literal("hello"),
    protocols: z.array(z.int()).min(1).max(16),
    facts: workerFactsSchema,
    offer: workerOfferSchema,
  }),
  z.object({ type: z.literal("offer"), offer: workerOfferSchema }),
  z.object({
    type: z.literal("beat"),
    /** Its owner plays or works there. */
    isInUse: z.boolean().optional(),
    /** Of its hottest GPU; an odd driver is no reason to show a machine out. */
    gpuCelsius: z.number().min(-100).max(300).optional().catch(undefined),
  }),
  z.object({ type: z.literal("working"), runId }),
  z.object({
    type: z.literal("progress"),
    runId,
    frames: z.int().nonnegative(),
    fps: z.number().nonnegative().max(MOST_FPS),
    saved: z.number().nonnegative(),
    stages: stageReportSchema.optional(),
    rungs: z.array(rungNameSchema.extend({ fromSegment: z.int().nonnegative() })).max(1_000),
    refused: z.array(rungNameSchema.extend({ reason: reasonSchema })).max(100),
  }),
  z.object({ type: z.literal("ended"), runId, end: runEndSchema }),
]);
export type FarmReport = z.infer<typeof farmReportSchema>;

/** Gateway to worker. */
export const farmCommandSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("welcome"), protocol: z.int(), name: text(64) }),
  z.object({ type: z.literal("refused"), reason: reasonSchema }),
  /** `source`: opens the film of this order, and no other, below `/farm/worker/source/`. */
  z.object({ type: z.literal("run"), order: runOrderSchema, source: text(200) }),
  z.object({ type: z.literal("pause"), runId }),
  z.object({ type: z.literal("resume"), runId }),
  z.object({ type: z.literal("cancel"), runId }),
  z.object({
    type: z.literal("set-rung"),
    runId,
    rung: rungNameSchema,
    fromSegment: z.int().nonnegative(),
  }),
]);
export type FarmCommand = z.infer<typeof farmCommandSchema>;

/** The newest version that both sides speak; undefined: there is none. */
export const commonProtocol = (theirs: readonly number[]): number | undefined =>
  FARM_PROTOCOLS.filter((each) => theirs.includes(each)).toSorted((a, b) => b - a)[0];
