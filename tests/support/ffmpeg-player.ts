import { spawn } from "node:child_process";
import { once } from "node:events";

/** Plays an HLS URL in a real ffmpeg, in real time, to its end. It asks for one segment at a time. */
export function playInFfmpeg(url: string) {
  const args = ["-nostdin", "-hide_banner", "-loglevel", "error", "-http_multiple", "0"];
  const child = spawn(
    "ffmpeg",
    [...args, "-re", "-i", url, "-progress", "pipe:1", "-f", "null", "-"],
    {
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  let progress = "";
  let errors = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (progress = text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (errors += text));
  const ended = once(child, "close");
  return {
    /** Pictures that it has shown by its end, and what it complained of. */
    async toItsEnd(): Promise<{ readonly frames: number; readonly errors: string }> {
      await ended;
      return { frames: Number(/frame=(\d+)/.exec(progress)?.[1] ?? 0), errors };
    },
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}
