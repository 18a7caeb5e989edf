import { UpreelError, type FileIdentity } from "@upreel/core";
import {
  lowerPriority,
  sourceUnavailable,
  startEncoder,
  unreadableLine,
  type SoundRequest,
} from "@upreel/media";

interface FfmpegRun {
  readonly ffmpeg: string;
  /** What it makes, for messages. */
  readonly what: string;
  readonly source: FileIdentity;
  readonly sound: SoundRequest | undefined;
  readonly longestMs: number;
  readonly niceness: number | undefined;
  readonly closing: AbortSignal;
  readonly signal?: AbortSignal;
}

/** Settles when ffmpeg has done it. Rejects with what failed: `decoder_failed`, `timeout`, `source_unavailable`. */
export async function runFfmpeg(
  args: readonly string[],
  { ffmpeg, what, source, sound, longestMs, niceness, closing, signal }: FfmpegRun,
): Promise<void> {
  const stop = signal === undefined ? closing : AbortSignal.any([closing, signal]);
  stop.throwIfAborted();
  const deadline = AbortSignal.timeout(longestMs);
  const started = startEncoder(args, sound, {
    ...{ ffmpeg, name: what, signal: AbortSignal.any([stop, deadline]) },
    // It takes that for the end of the film, and goes on with the last picture.
    killOnLine: (line) => unreadableLine(line, source.path) !== undefined,
  });
  lowerPriority(started.pid, niceness);
  const { exitCode, stderrTail } = await started.exited;
  stop.throwIfAborted();
  if (deadline.aborted)
    throw new UpreelError("timeout", `ffmpeg did not make the ${what} in time`, {
      expected: `within ${longestMs / 1000} s`,
    });
  const unread = unreadableLine(stderrTail, source.path);
  if (unread !== undefined) throw sourceUnavailable(source.path, unread);
  if (exitCode !== 0)
    throw new UpreelError("decoder_failed", `ffmpeg cannot make the ${what}`, {
      got: stderrTail.split("\n").at(-1) ?? "no word of it",
    });
}
