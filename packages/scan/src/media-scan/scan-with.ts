import { UpreelError } from "@upreel/core";
import type { z } from "zod";
import type { Plugin } from "../host/plugin.ts";
import {
  algorithmVersionSchema,
  mediaScanAnswerSchema,
  type MediaScanAnswer,
  type ScannedFile,
} from "./answers.ts";

export interface ScanTimes {
  readonly versionMs: number;
  readonly scanMs: number;
}

/** The version of what the plugin does; another one makes all that it found before worthless. */
export async function readAlgorithmVersion(
  plugin: Plugin,
  { versionMs }: ScanTimes,
  signal: AbortSignal,
): Promise<string> {
  const method = "mediaScan.algorithmVersion";
  const answer = await plugin.call(method, {}, versionMs, signal);
  return parseAnswer(plugin.id, method, algorithmVersionSchema, answer).algorithmVersion;
}

/** Lets the plugin look at one file, or at those of a season together. Throws `plugin_failed`. */
export async function scanWith(
  plugin: Plugin,
  files: readonly [ScannedFile, ...ScannedFile[]],
  groupKey: string | undefined,
  { scanMs }: ScanTimes,
  signal: AbortSignal,
): Promise<MediaScanAnswer> {
  const method = groupKey === undefined ? "mediaScan.scanSingle" : "mediaScan.scanBatch";
  const params = groupKey === undefined ? { file: files[0] } : { groupKey, files };
  const given = await plugin.call(method, params, scanMs, signal);
  const answer = parseAnswer(plugin.id, method, mediaScanAnswerSchema, given);
  const asked = new Map(files.map(({ fileId, duration }) => [fileId, duration]));
  for (const { fileId } of [...answer.fingerprints, ...answer.chapters, ...answer.skipped])
    if (!asked.has(fileId)) throw malformed(plugin.id, method, `a file not asked for: ${fileId}`);
  for (const { fileId, endTime } of answer.chapters) {
    const duration = asked.get(fileId) ?? 0;
    if (endTime > duration + LAST_PICTURE_SECONDS)
      throw malformed(plugin.id, method, `a chapter up to ${endTime} s of ${duration} s`);
  }
  return answer;
}

/** Lengths in headers are not exact. */
const LAST_PICTURE_SECONDS = 2;

function parseAnswer<T>(id: string, method: string, schema: z.ZodType<T>, answer: unknown): T {
  let parsed: z.ZodSafeParseResult<T>;
  try {
    parsed = schema.safeParse(answer);
  } catch (thrown) {
    // Nested too deeply to be looked through.
    throw malformed(id, method, String(thrown));
  }
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw malformed(id, method, `${issue?.path.map(String).join(".")}: ${issue?.message}`);
}

const malformed = (id: string, method: string, got: string): UpreelError =>
  new UpreelError(
    "plugin_failed",
    `the plugin ${id} failed: ${method}: an answer of another shape`,
    {
      expected: "as docs/plugins.md describes it",
      got: got.slice(0, 500),
    },
  );
