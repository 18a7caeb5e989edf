import { existsSync } from "node:fs";
import { Readable, Writable } from "node:stream";
import { UpreelError } from "@upreel/core";
import { execa } from "execa";
import { lineTail } from "./line-tail.ts";
import { mediaCommand } from "./media-command.ts";

export interface FfmpegExit {
  /** undefined when a signal ended it or it never started. */
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
  /** The last lines that it wrote to stderr. */
  readonly stderrTail: string;
}

export interface FfmpegProcess {
  readonly pid: number;
  /** Settles when the process is gone; never rejects. */
  readonly exited: Promise<FfmpegExit>;
  /** Ends it at once: SIGTERM would make it finish, and publish, half a segment. */
  kill(): void;
}

/** An ffmpeg with the pipes that were asked for. */
export interface PipedFfmpeg extends FfmpegProcess {
  readonly stdin: Writable | undefined;
  readonly stdout: Readable | undefined;
  readonly more: Readable | undefined;
}

export interface FfmpegOptions {
  readonly ffmpeg: string;
  /** What it is for, in messages: "decoder", "encoder". */
  readonly name: string;
  readonly signal?: AbortSignal | undefined;
  /** Ends it when it writes such a line to stderr; the line is then in `stderrTail`. */
  readonly killOnLine?: ((line: string) => boolean) | undefined;
  /** The pipes between it and this process; `more` is its descriptor 3, to which it writes. */
  readonly pipes?: readonly ("stdin" | "stdout" | "more")[] | undefined;
}

const STDERR_LINES = 20;
const SETPRIV = "/usr/bin/setpriv";

/**
 * Starts ffmpeg so that it dies with this process, however this process dies (Linux: setpriv sets
 * the death signal and then becomes ffmpeg, so `pid` is ffmpeg's own).
 * Throws `ffmpeg_missing` when it cannot be started.
 */
export function startFfmpeg(args: readonly string[], options: FfmpegOptions): PipedFfmpeg {
  const [tool, words] = mediaCommand(options.ffmpeg, args);
  const command = [tool, ...words];
  const [file, ...rest] = existsSync(SETPRIV)
    ? [SETPRIV, "--pdeathsig", "KILL", "--", ...command]
    : command;
  const isWanted = (pipe: "stdin" | "stdout" | "more"): boolean =>
    options.pipes?.includes(pipe) === true;
  const child = execa(file ?? options.ffmpeg, rest, {
    stdio: [
      isWanted("stdin") ? "pipe" : "ignore",
      isWanted("stdout") ? "pipe" : "ignore",
      "pipe",
      ...(isWanted("more") ? (["pipe"] as const) : []),
    ],
    buffer: false,
    reject: false,
    killSignal: "SIGKILL",
    forceKillAfterDelay: false,
    ...(options.signal === undefined ? {} : { cancelSignal: options.signal }),
  });
  const { killOnLine } = options;
  const tail = lineTail(STDERR_LINES, (line) => {
    if (killOnLine?.(line) === true) child.kill("SIGKILL");
  });
  child.stderr?.setEncoding("utf8").on("data", tail.add);
  const exited = child.then((result) => ({
    exitCode: result.exitCode,
    signal: result.signal,
    stderrTail:
      tail.text() === "" && result.exitCode === undefined
        ? (result.originalMessage ?? "")
        : tail.text(),
  }));
  if (child.pid === undefined) {
    throw new UpreelError(
      "ffmpeg_missing",
      `cannot start ${options.ffmpeg} as the ${options.name}`,
    );
  }
  const [stdin, stdout, , more] = child.stdio;
  return {
    pid: child.pid,
    exited,
    stdin: stdin instanceof Writable ? stdin : undefined,
    stdout: stdout instanceof Readable ? stdout : undefined,
    more: more instanceof Readable ? more : undefined,
    kill: () => void child.kill("SIGKILL"),
  };
}
