import { z } from "zod";
import type { FileIdentity } from "../film/file-identity.ts";
import {
  faceWorkSchema,
  modelSpecSchema,
  outputSchema,
  rungSchema,
  type Rung,
} from "../film/profile.ts";
import { sourceSchema, type Source } from "../film/source.ts";
import { timelineSchema } from "../film/timeline.ts";

/** A run by names that mean the same on every machine. */
const runNameSchema = z.object({ streamId: z.string(), runId: z.string() });
export type RunName = z.infer<typeof runNameSchema>;

/**
 * A film file that any machine can find: by its id where files are served, or by its path where disks
 * are shared. Path, device and inode are those of the machine that ordered; size and time hold everywhere.
 */
const sourceRefSchema = sourceSchema.extend({
  /** Of the file, whatever is in it: a film that is being written keeps it. */
  id: z.string(),
});
export type SourceRef = z.infer<typeof sourceRefSchema>;

/** A rung whose network is known by its hash alone. */
const rungRefSchema = rungSchema.extend({
  model: modelSpecSchema.omit({ file: true }),
  faces: faceWorkSchema
    .extend({
      detector: faceWorkSchema.shape.detector.omit({ file: true }),
      restorer: faceWorkSchema.shape.restorer.omit({ file: true }),
    })
    .optional(),
});
export type RungRef = z.infer<typeof rungRefSchema>;

/** What of a run's making is the same wherever it is made. */
const runShape = {
  ...runNameSchema.shape,
  timeline: timelineSchema,
  output: outputSchema,
  fromSegment: z.int().nonnegative(),
  toSegment: z.int().positive(),
  /** Where the source has no picture a still one is made, up to the end: it goes on later. */
  fillsHole: z.boolean().optional(),
  /** Sound that was to be copied is encoded: copied, it left segments without. */
  encodesSound: z.boolean().optional(),
};

/** What is to be made: segments [fromSegment, toSegment) of one stream. Names nothing by a path of one machine. */
export const runOrderSchema = z.object({
  ...runShape,
  /** Whose place it takes; absent: the machine of the streams. */
  machine: z.string().optional(),
  source: sourceRefSchema,
  /** What its first segments are made by. */
  rung: rungRefSchema,
  /** What later ones may be made by, when the worker is told so; all share frames with `rung`. */
  otherRungs: z.array(rungRefSchema).optional(),
});
export type RunOrder = z.infer<typeof runOrderSchema>;

/** The same on the machine that makes it: each name is a file there. */
export const resolvedRunSchema = z.object({
  ...runShape,
  /** Folder of this run alone; the worker makes it. */
  folder: z.string(),
  source: sourceSchema,
  rung: rungSchema,
  /** Those that are there. */
  otherRungs: z.array(rungSchema).optional(),
  /** The Vulkan device, by its place in ffmpeg's list, on which HDR becomes SDR; absent: the processor does it. */
  toneMapDevice: z.int().nonnegative().optional(),
});
export type ResolvedRun = z.infer<typeof resolvedRunSchema>;

/** Leaves out where the network lies here. */
export function refToRung({ model, faces, ...rung }: Rung): RungRef {
  const named = { ...rung, model: withoutFile(model) };
  if (faces === undefined) return named;
  const { detector, restorer } = faces;
  return {
    ...named,
    faces: { ...faces, detector: withoutFile(detector), restorer: withoutFile(restorer) },
  };
}

function withoutFile<T extends { readonly file: string }>(network: T): Omit<T, "file"> {
  const { file: _, ...named } = network;
  return named;
}

/** Where a file lies on one machine, and its numbers there. */
export type FoundFile = Pick<FileIdentity, "path" | "device" | "inode">;

/** The source of an order on this machine; it must have the size and time that it had where it was ordered. */
export function resolveSource(ref: SourceRef, { path, device, inode }: FoundFile): Source {
  const { id: _, device: __, inode: ___, ...source } = ref;
  return { ...source, path, ...(inode === undefined ? {} : { device, inode }) };
}
