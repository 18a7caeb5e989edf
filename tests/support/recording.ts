import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";

/**
 * A recording in progress: a real ffmpeg that writes as much of a film as it is given, and a picture or
 * two more each half second, so that it never stops growing before its end.
 */
export interface Recording extends AsyncDisposable {
  /** Goes on to this share of the film, 0 to 1. */
  writeTo(share: number): void;
  /** All of it; settles when the file is closed. */
  end(): Promise<void>;
}

const A_PICTURE_BYTES = 188 * 14;
const PICTURE_EVERY_MS = 500;

/** Records `film`, a transport stream, to `path`, whose end says the format. */
export async function record(film: string, path: string): Promise<Recording> {
  const bytes = await readFile(film);
  const isTs = path.endsWith(".ts");
  const child = spawn(
    "ffmpeg",
    [
      ...["-v", "error", "-y", "-f", "mpegts", "-i", "pipe:0", "-map", "0", "-c", "copy"],
      ...(isTs ? ["-copyts", "-muxdelay", "0", "-muxpreload", "0"] : ["-bsf:a", "aac_adtstoasc"]),
      ...["-flush_packets", "1", path],
    ],
    { stdio: ["pipe", "ignore", "inherit"] },
  );
  const exited = once(child, "exit");
  child.stdin.on("error", () => {});
  let written = 0;
  const write = (to: number): void => {
    if (to > written) child.stdin.write(bytes.subarray(written, to));
    written = Math.max(written, to);
  };
  const growing = setInterval(
    () => write(Math.min(bytes.length, written + A_PICTURE_BYTES)),
    PICTURE_EVERY_MS,
  );
  return {
    writeTo: (share) => write(Math.floor((bytes.length * share) / 188) * 188),
    async end() {
      clearInterval(growing);
      write(bytes.length);
      child.stdin.end();
      await exited;
    },
    async [Symbol.asyncDispose]() {
      clearInterval(growing);
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill("SIGKILL");
      await exited;
    },
  };
}
