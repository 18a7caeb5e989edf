import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { UpreelError } from "@upreel/core";

export interface WorkerSettings {
  readonly threads: number;
  readonly ffmpeg: string;
  readonly device: string | undefined;
  /** After so long a silence a worker is taken to hang; default 20 s. */
  readonly silenceMs?: number | undefined;
}

const MAIN = fileURLToPath(new URL("../../../apps/worker/src/main.ts", import.meta.url));
const HANDSHAKE_MS = 20_000;
const WATCH_MS = 1_000;
const STDERR_CHARACTERS = 2_000;

/** Starts a worker's process; `closing` kills it. */
export function launchWorker(
  { threads, ffmpeg, device }: WorkerSettings,
  closing: AbortSignal | undefined,
) {
  const args = [MAIN, String(threads), ffmpeg, ...(device === undefined ? [] : [device])];
  const child = execa(process.execPath, args, {
    ipc: true,
    reject: false,
    buffer: false,
    stdin: "ignore",
    stdout: "ignore",
    stderr: "pipe",
    cleanup: true,
    killSignal: "SIGKILL",
    ...(closing === undefined ? {} : { cancelSignal: closing }),
  });
  let tail = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    tail = (tail + chunk.toString()).slice(-STDERR_CHARACTERS);
  });
  /** The end of what it has written to stderr. */
  const stderrTail = (): string => tail.trim();
  return { child, stderrTail };
}

/** Settles with `ready`; throws `worker_lost` when its end comes first, or nothing in time. */
export async function shakeHands(
  ready: Promise<void>,
  exited: Promise<void>,
  stderrTail: () => string,
): Promise<void> {
  const { promise: failed, reject } = Promise.withResolvers<never>();
  const fail = (got: string): void =>
    reject(
      new UpreelError("worker_lost", "A worker process did not start", {
        expected: `its hello within ${HANDSHAKE_MS / 1_000} s`,
        got,
      }),
    );
  const deadline = setTimeout(() => fail("silence"), HANDSHAKE_MS);
  void exited.then(() => fail(`its end: ${stderrTail()}`));
  try {
    await Promise.race([ready, failed]);
  } finally {
    clearTimeout(deadline);
    failed.catch(() => {});
  }
}

/** Calls `onSilence` again and again once nothing was heard for `silenceMs`, until `exited`. */
export function watchForSilence(
  silenceMs: number,
  lastHeardMs: () => number,
  onSilence: () => void,
  exited: Promise<void>,
): void {
  const look = (): void => {
    if (performance.now() - lastHeardMs() >= silenceMs) onSilence();
  };
  const watchdog = setInterval(look, Math.min(WATCH_MS, silenceMs));
  watchdog.unref();
  void exited.then(() => clearInterval(watchdog));
}
