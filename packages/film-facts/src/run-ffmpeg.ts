import { execFile } from "node:child_process";
import { mediaCommand } from "@upreel/media";

const LONGEST_MS = 5 * 60_000;

/** What ffmpeg wrote. */
export interface FfmpegOutput {
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** Runs ffmpeg to its end, on one core. Throws its last words. */
export function runFfmpeg(
  ffmpeg: string,
  parameters: readonly string[],
  { mostBytes, signal }: { readonly mostBytes: number; readonly signal: AbortSignal },
): Promise<FfmpegOutput> {
  const { promise, resolve, reject } = Promise.withResolvers<FfmpegOutput>();
  const [file, args] = mediaCommand(ffmpeg, [
    "-hide_banner",
    "-nostdin",
    "-nostats",
    ...parameters,
  ]);
  execFile(
    file,
    args,
    {
      ...{ encoding: "buffer", maxBuffer: mostBytes, killSignal: "SIGKILL" },
      ...{ timeout: LONGEST_MS, signal },
    },
    (error, stdout, stderr) => {
      const text = stderr.toString();
      if (error === null) return resolve({ stdout, stderr: text });
      const last = text.trim().split("\n").at(-1)?.slice(0, 300);
      reject(new Error(last === undefined || last === "" ? error.message : last));
    },
  );
  return promise;
}
