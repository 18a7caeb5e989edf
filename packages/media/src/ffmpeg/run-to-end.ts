import { execa } from "execa";
import { mediaCommand } from "./media-command.ts";

/** To read stretches of a film takes seconds, or minutes on a slow machine; if a disk hangs, it never ends. */
const LONGEST_MS = 5 * 60_000;
const LONGEST_MESSAGE = 300;

/** What ffmpeg wrote. */
export interface FfmpegOutput {
  readonly stdout: Buffer;
  readonly stderr: string;
}

/**
 * Runs ffmpeg to its end, for what it writes to both of its outputs, each of at most `mostBytes`. Rejects with the last line of
 * its stderr, or with why it was ended, as after five minutes.
 */
export async function runToEnd(
  ffmpeg: string,
  parameters: readonly string[],
  { mostBytes, signal }: { readonly mostBytes: number; readonly signal?: AbortSignal },
): Promise<FfmpegOutput> {
  const result = await execa(
    ...mediaCommand(ffmpeg, ["-hide_banner", "-nostdin", "-nostats", ...parameters]),
    {
      ...({ encoding: "buffer", stdin: "ignore", reject: false } as const),
      ...{ maxBuffer: mostBytes, timeout: LONGEST_MS, killSignal: "SIGKILL" },
      ...(signal && { cancelSignal: signal }),
    },
  );
  // A view of the same bytes, which may be many.
  const bufferOf = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer =>
    Buffer.from(buffer, byteOffset, byteLength);
  const stderr = bufferOf(result.stderr).toString();
  if (!result.failed) return { stdout: bufferOf(result.stdout), stderr };
  const last = stderr.trim().split("\n").at(-1)?.slice(0, LONGEST_MESSAGE);
  throw new Error(last === undefined || last === "" ? result.shortMessage : last);
}
