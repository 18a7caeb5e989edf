import { z } from "zod";

const MOST_ROWS = 10_000;
/** Twenty minutes of sound are some tens of kilobytes. */
const LONGEST_FINGERPRINT = 4 * 1024 * 1024;
const LONGEST_METADATA = 64 * 1024;

const word = z.string().min(1).max(200);
const seconds = z.number().min(0).max(1_000_000);

/** Kept as text: it comes back as it was given. */
const metadata = z
  .record(z.string(), z.unknown())
  .transform((value, context) => {
    const text = JSON.stringify(value);
    if (text.length <= LONGEST_METADATA) return text;
    context.addIssue({ code: "custom", message: `expected at most ${LONGEST_METADATA} bytes` });
    return z.NEVER;
  })
  .nullish()
  .transform((text) => text ?? null);

const fingerprintSchema = z.object({
  fileId: word,
  type: word,
  algorithmVersion: word,
  fingerprint: z
    .string()
    .max(LONGEST_FINGERPRINT)
    .nullish()
    .transform((text) => text ?? null),
  metadata,
});

const chapterSchema = z
  .object({
    fileId: word,
    role: z.enum(["intro", "credits", "chapter", "scene"]),
    startTime: seconds,
    endTime: seconds,
    title: z
      .string()
      .max(500)
      .nullish()
      .transform((text) => text ?? null),
    metadata,
  })
  .refine(({ startTime, endTime }) => endTime > startTime, {
    path: ["endTime"],
    message: "expected a time after startTime",
  });

const skippedSchema = z.object({
  fileId: word,
  reason: word,
  message: z.string().max(2_000).optional(),
});

/** What a plugin found; buckets that are missing are empty, those that are not known are left aside. */
export const mediaScanAnswerSchema = z.object({
  fingerprints: z.array(fingerprintSchema).max(MOST_ROWS).default([]),
  chapters: z.array(chapterSchema).max(MOST_ROWS).default([]),
  skipped: z.array(skippedSchema).max(MOST_ROWS).default([]),
});
export type MediaScanAnswer = z.infer<typeof mediaScanAnswerSchema>;

/** What a hook changes; null: nothing. */
export const hookAnswerSchema = z.object({
  data: z.object({ chapters: z.array(chapterSchema).max(MOST_ROWS).optional() }).nullish(),
});

export const algorithmVersionSchema = z.object({ algorithmVersion: word });

/** A fingerprint that was made before, as the plugin gets it back. */
export interface CachedFingerprint {
  readonly type: string;
  readonly algorithmVersion: string;
  readonly fingerprint: string | null;
  readonly metadata: unknown;
}

/** A file as plugins are told of it. */
export interface ScannedFile {
  readonly fileId: string;
  readonly itemId: string;
  readonly path: string;
  /** Seconds. */
  readonly duration: number;
  readonly cachedFingerprints: readonly CachedFingerprint[];
}
