import { execFile } from "node:child_process";
import { filmInput } from "@upreel/media";
import type { Span } from "./span.ts";

/** Points and lines of a film's end are some hundred kilobytes. */
const MOST_BYTES = 32 * 1024 * 1024;
/** An hour of sound takes seconds; a disk that hangs does not end. */
const LONGEST_MS = 5 * 60_000;

export interface FfmpegOutput {
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** ffmpeg arguments that open a part of a film; times begin with 0 there. */
export const partInput = (path: string, { start, end }: Span): readonly string[] =>
  filmInput(path, "-ss", start.toFixed(3), "-t", (end - start).toFixed(3));

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
