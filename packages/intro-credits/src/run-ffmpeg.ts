import { execFile } from "node:child_process";

/** Points and lines of a film's end are some hundred kilobytes. */
const MOST_BYTES = 32 * 1024 * 1024;
/** An hour of sound takes seconds; a disk that hangs does not end. */
const LONGEST_MS = 5 * 60_000;

export interface FfmpegOutput {
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** Runs ffmpeg to its end. Throws its last words. */
export function runFfmpeg(ffmpeg: string, parameters: readonly string[]): Promise<FfmpegOutput> {
  const { promise, resolve, reject } = Promise.withResolvers<FfmpegOutput>();
  execFile(
    ffmpeg,
    ["-hide_banner", "-nostdin", "-nostats", "-threads", "1", ...parameters],
    { encoding: "buffer", maxBuffer: MOST_BYTES, timeout: LONGEST_MS, killSignal: "SIGKILL" },
    (error, stdout, stderr) => {
      const text = stderr.toString();
      if (error === null) return resolve({ stdout, stderr: text });
      const last = text.trim().split("\n").at(-1)?.slice(0, 300);
      reject(new Error(last === undefined || last === "" ? error.message : last));
    },
  );
  return promise;
}
