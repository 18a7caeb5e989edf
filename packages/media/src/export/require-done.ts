import { UpreelError } from "@upreel/core";
import { sourceUnavailable, unreadableLine } from "../ffmpeg/source-trouble.ts";
import type { FfmpegExit } from "../ffmpeg/start-ffmpeg.ts";

/**
 * Throws `export_failed` where ffmpeg ended with an error, and `source_unavailable` where the film at `path`
 * could not be read: its tracks would end there, and ffmpeg is content with that.
 */
export function requireDone(
  path: string,
  { exitCode, stderrTail }: FfmpegExit,
  what: string,
): void {
  const unread = unreadableLine(stderrTail, path);
  if (unread !== undefined) throw sourceUnavailable(path, unread);
  if (exitCode !== 0) throw new UpreelError("export_failed", what, { got: lastLines(stderrTail) });
}

export const lastLines = (said: string): string => said.split("\n").slice(-3).join("; ");
