import { z } from "zod";
import { preciseNowMs } from "./precise-now.ts";

/** What happens from a trigger, or a seek, until a segment is there; those of a seek begin with `ordered`. */
export const FIRST_STEPS = [
  "planning",
  /** Header, packets and pictures of the file are read. */
  "probed",
  /** What may make it is chosen. */
  "planned",
  "ordered",
  /** A worker has the order. */
  "taken",
  /** One of its threads has the network. */
  "loaded",
  /** Decoder and encoder are at their pipes. */
  "opened",
  /** The first picture has left the decoder. */
  "decoded",
  /** And the network. */
  "upscaled",
  /** All pictures of the first segment are with the encoder. */
  "encoding",
  /** The encoder has written it. */
  "written",
  /** Checked, safe on the disk, and in the playlists. */
  "published",
] as const;
export type FirstStep = (typeof FIRST_STEPS)[number];

/** Those that a worker tells. */
export const runStepSchema = z.enum(["loaded", "opened", "decoded", "upscaled", "encoding"]);
export type RunStep = z.infer<typeof runStepSchema>;

/** Of what a step is. */
export interface StepSubject {
  readonly path?: string;
  readonly run?: string;
  readonly segment?: number;
}

/** Notes when a step was taken, for who looks where the time goes (`npm run bench -- waits`). */
export const noteStep = (
  log: { debug(message: string, meta: Record<string, unknown>): void },
  step: FirstStep,
  of: StepSubject,
  atMs = preciseNowMs(),
): void => log.debug(`Step: ${step}`, { step, atMs, ...of });
