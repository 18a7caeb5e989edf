import { spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { PICTURES_FD } from "../command/upscaled-arguments.ts";

/** How Jellyfin's ffmpeg ended. */
export type FfmpegEnd = { readonly code: number | null; readonly signal: NodeJS.Signals | null };

/** Jellyfin's own ffmpeg at work below the cartridge. */
export interface RealFfmpeg {
  /** For Upreel's segments. */
  readonly pictures: Writable;
  readonly stderr: Readable;
  readonly ended: Promise<FfmpegEnd>;
  /** As a key that somebody presses. */
  press(keys: string): void;
  kill(signal: NodeJS.Signals): void;
}

/** Kills the process that it is told of when its input ends, which it does with the process that holds it. */
const GUARD = 'read -r line; kill -9 "$1" 2>/dev/null';

/**
 * Starts it. Jellyfin kills the cartridge alone, by SIGKILL: a guard sees that its parent is gone and ends ffmpeg,
 * which would go on without anybody otherwise.
 */
export function startFfmpeg(ffmpeg: string, words: readonly string[]): RealFfmpeg {
  const child = spawn(ffmpeg, words, { stdio: ["pipe", "inherit", "pipe", "pipe"] });
  const guard =
    child.pid === undefined
      ? undefined
      : spawn("/bin/sh", ["-c", GUARD, "upreel-guard", String(child.pid)], {
          stdio: ["pipe", "ignore", "ignore"],
        });
  const ended = new Promise<FfmpegEnd>((resolve) => {
    child.once("error", () => resolve({ code: 127, signal: null }));
    child.once("close", (code, signal) => resolve({ code, signal }));
  }).finally(() => guard?.kill("SIGKILL"));
  // It is gone: its end says why.
  guard?.on("error", () => undefined);
  guard?.stdin.on("error", () => undefined);
  child.stdin?.on("error", () => undefined);
  return {
    pictures: child.stdio[PICTURES_FD] as Writable,
    stderr: child.stderr as Readable,
    ended,
    press: (keys) => void child.stdin?.write(keys),
    kill: (signal) => void child.kill(signal),
  };
}
