import type { Writable } from "node:stream";
import { UpreelError, type FileIdentity } from "@upreel/core";
import {
  decodeBeside,
  lowerPriority,
  sourceUnavailable,
  startEncoder,
  startFfmpeg,
  unreadableLine,
  type DecodeRequest,
  type FfmpegExit,
  type FfmpegOptions,
  type FfmpegProcess,
  type SoundRequest,
} from "@upreel/media";

/** ffmpeg arguments; with `pictures`, of an ffmpeg that reads what these decoders give from a FIFO. */
export type FfmpegStep =
  | readonly string[]
  | {
      readonly pictures: Omit<DecodeRequest, "target">;
      readonly argumentsFor: (fifo: string) => readonly string[];
    };

interface FfmpegRun {
  readonly ffmpeg: string;
  /** What it makes, for messages. */
  readonly what: string;
  readonly source?: FileIdentity | undefined;
  readonly sound: SoundRequest | undefined;
  /** Writes what it reads from standard input, and ends that; in place of a sound. */
  readonly feed?: ((stdin: Writable) => Promise<void>) | undefined;
  readonly longestMs: number;
  readonly niceness: number | undefined;
  readonly closing: AbortSignal;
  readonly signal?: AbortSignal;
}

/** Settles when ffmpeg has done it. Rejects with what failed: `decoder_failed`, `timeout`, `source_unavailable`. */
export async function runFfmpeg(step: FfmpegStep, run: FfmpegRun): Promise<void> {
  const { ffmpeg, what, source, longestMs, closing, signal } = run;
  const stop = signal === undefined ? closing : AbortSignal.any([closing, signal]);
  stop.throwIfAborted();
  const deadline = AbortSignal.timeout(longestMs);
  const unreadable = (text: string): string | undefined =>
    source && unreadableLine(text, source.path);
  const options = {
    ...{ ffmpeg, name: what, signal: AbortSignal.any([stop, deadline]) },
    // It takes that for the end of the film, and goes on with the last picture.
    killOnLine: (line: string) => unreadable(line) !== undefined,
  };
  const { exitCode, stderrTail } = await runStep(step, run, options);
  stop.throwIfAborted();
  if (deadline.aborted)
    throw new UpreelError("timeout", `ffmpeg did not make the ${what} in time`, {
      expected: `within ${longestMs / 1000} s`,
    });
  const unread = unreadable(stderrTail);
  if (source !== undefined && unread !== undefined) throw sourceUnavailable(source.path, unread);
  if (exitCode !== 0)
    throw new UpreelError("decoder_failed", `ffmpeg cannot make the ${what}`, {
      got: stderrTail.split("\n").at(-1) ?? "no word of it",
    });
}

async function runStep(
  step: FfmpegStep,
  { sound, feed, niceness }: Pick<FfmpegRun, "sound" | "feed" | "niceness">,
  options: FfmpegOptions,
): Promise<FfmpegExit> {
  const start = (args: readonly string[]) => {
    const started =
      feed === undefined ? startEncoder(args, sound, options) : startFed(args, feed, options);
    lowerPriority(started.pid, niceness);
    return started;
  };
  if (!("pictures" in step)) return await start(step).exited;
  const read = (fifo: string) => start(step.argumentsFor(fifo));
  return await decodeBeside({ request: step.pictures, read }, options, niceness);
}

/** Where it cannot be fed, it is ended, and then `exited` rejects with why. */
function startFed(
  args: readonly string[],
  feed: (stdin: Writable) => Promise<void>,
  options: FfmpegOptions,
): FfmpegProcess {
  const started = startFfmpeg(args, { ...options, pipes: ["stdin"] });
  const { exited, stdin } = started;
  const fed = (stdin === undefined ? Promise.resolve() : feed(stdin)).catch((thrown: unknown) => {
    started.kill();
    return { thrown };
  });
  const isFed = async (exit: Awaited<typeof exited>): Promise<typeof exit> => {
    const failed = await fed;
    if (failed !== undefined) throw failed.thrown;
    return exit;
  };
  return { ...started, exited: exited.then(isFed) };
}
