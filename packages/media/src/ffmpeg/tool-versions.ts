import { UpreelError } from "@upreel/core";
import { execa } from "execa";

export interface ToolVersion {
  /** As it was called: a name on the PATH or a path. */
  readonly command: string;
  readonly version: string;
}

const ANSWER_TIMEOUT_MS = 10_000;
/** Options that Upreel uses and older versions do not know: `-fps_mode`, `noise=drop`. */
const OLDEST_MAJOR = 5;

/** Versions of ffmpeg and ffprobe. Throws `ffmpeg_missing`, with how to install them. */
export async function toolVersions(
  tools: { ffmpeg: string; ffprobe: string },
  signal: AbortSignal,
): Promise<{ ffmpeg: ToolVersion; ffprobe: ToolVersion }> {
  const [ffmpeg, ffprobe] = await Promise.all([
    versionOf(tools.ffmpeg, signal),
    versionOf(tools.ffprobe, signal),
  ]);
  return { ffmpeg, ffprobe };
}

async function versionOf(command: string, signal: AbortSignal): Promise<ToolVersion> {
  const result = await execa(command, ["-version"], {
    cancelSignal: signal,
    timeout: ANSWER_TIMEOUT_MS,
    stdin: "ignore",
    reject: false,
  });
  signal.throwIfAborted();
  const version = /^ff\w+ version (\S+)/.exec(result.stdout ?? "")?.[1];
  if (result.failed || version === undefined) {
    throw missing(command, result.failed ? (result.shortMessage ?? "") : "another program", result);
  }
  // Builds from git are called N-12345-gabcdef and are newer than any release we would refuse.
  const major = /^n?(\d+)\./.exec(version)?.[1];
  if (major !== undefined && Number(major) < OLDEST_MAJOR) {
    throw missing(command, `version ${version}`, undefined);
  }
  return { command, version };
}

const missing = (command: string, got: string, cause: unknown): UpreelError =>
  new UpreelError("ffmpeg_missing", `${command} is needed; ${howToInstall()}`, {
    expected: `${command} of version ${OLDEST_MAJOR} or later`,
    got,
    cause,
  });

function howToInstall(): string {
  switch (process.platform) {
    case "darwin":
      return "install it with: brew install ffmpeg";
    case "win32":
      return "install it with: winget install ffmpeg";
    default:
      return "install it with: apt install ffmpeg (or the package of your system)";
  }
}
