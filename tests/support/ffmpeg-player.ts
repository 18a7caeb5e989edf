import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

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
  let frames = 0;
  let errors = "";
  createInterface({ input: child.stdout }).on("line", (line) => {
    const told = /^frame=(\d+)/.exec(line)?.[1];
    if (told !== undefined) frames = Number(told);
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => (errors += text));
  const ended = once(child, "close");
  return {
    /** Pictures that it has shown by its end, and what it complained of. */
    async toItsEnd(): Promise<{ readonly frames: number; readonly errors: string }> {
      await ended;
      return { frames, errors };
    },
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}
