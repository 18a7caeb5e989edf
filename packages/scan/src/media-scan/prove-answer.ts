import { UpreelError } from "@upreel/core";
import type { z } from "zod";
import type { MediaScanAnswer, ScannedFile } from "./answers.ts";

/** What an answer may be about. */
export type AskedFile = Pick<ScannedFile, "fileId" | "duration">;

/** Lengths in headers are not exact. */
const LAST_PICTURE_SECONDS = 2;

/** Throws `plugin_failed` for files that were not asked for, and for chapters that a film is too short for. */
export function proveAnswer(
  pluginId: string,
  method: string,
  files: readonly AskedFile[],
  answer: MediaScanAnswer,
): void {
  const asked = new Map(files.map(({ fileId, duration }) => [fileId, duration]));
  for (const { fileId } of [...answer.fingerprints, ...answer.chapters, ...answer.skipped])
    if (!asked.has(fileId)) throw malformed(pluginId, method, `a file not asked for: ${fileId}`);
  for (const { fileId, endTime } of answer.chapters) {
    const duration = asked.get(fileId) ?? 0;
    if (endTime > duration + LAST_PICTURE_SECONDS)
      throw malformed(pluginId, method, `a chapter up to ${endTime} s of ${duration} s`);
  }
}

/** Throws `plugin_failed` for an answer of another shape. */
export function parseAnswer<T>(
  pluginId: string,
  method: string,
  schema: z.ZodType<T>,
  answer: unknown,
): T {
  let parsed: z.ZodSafeParseResult<T>;
  try {
    parsed = schema.safeParse(answer);
  } catch (thrown) {
    // Nested too deeply to be looked through.
    throw malformed(pluginId, method, String(thrown));
  }
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw malformed(pluginId, method, `${issue?.path.map(String).join(".")}: ${issue?.message}`);
}

const malformed = (pluginId: string, method: string, got: string): UpreelError =>
  new UpreelError(
    "plugin_failed",
    `the plugin ${pluginId} failed: ${method}: an answer of another shape`,
    {
      expected: "as docs/plugins.md describes it",
      got: got.slice(0, 500),
    },
  );
