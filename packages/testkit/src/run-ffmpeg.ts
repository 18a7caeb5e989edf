import { execFile, spawn } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);
const FIRST = ["-nostdin", "-hide_banner", "-v", "error", "-y"];

/** Runs ffmpeg to its end; throws with what it printed when it fails. */
export async function runFfmpeg(args: readonly string[]): Promise<void> {
  await run("ffmpeg", [...FIRST, ...args], { timeout: 120_000 });
}

/** An ffmpeg that a test ends in its own way; leaving its scope kills it. */
export interface StartedFfmpeg extends AsyncDisposable {
  readonly pid: number;
  kill(signal: NodeJS.Signals): void;
  /** Exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
}

export function startFfmpeg(args: readonly string[]): StartedFfmpeg {
  const child = spawn("ffmpeg", [...FIRST, ...args], { stdio: "ignore" });
  const { promise: ended, resolve, reject } = Promise.withResolvers<number | string>();
  child.once("error", reject);
  child.once("exit", (code, signal) => resolve(code ?? signal ?? "unknown"));
  return {
    pid: child.pid ?? -1,
    kill: (signal) => void child.kill(signal),
    ended,
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}
