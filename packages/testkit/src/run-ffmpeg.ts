import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Runs ffmpeg to its end; throws with what it printed when it fails. */
export async function runFfmpeg(args: readonly string[]): Promise<void> {
  await run("ffmpeg", ["-nostdin", "-hide_banner", "-v", "error", "-y", ...args], {
    timeout: 120_000,
  });
}
