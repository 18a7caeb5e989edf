import { fileURLToPath } from "node:url";
import { UpreelError, workerEventSchema, type WorkerCommand, type WorkerEvent } from "@upreel/core";
import { startPeer, type Peer, type PeerHooks } from "@upreel/processes";

export interface WorkerSettings {
  readonly threads: number;
  readonly ffmpeg: string;
  /** After so long a silence a worker is taken to hang; default 20 s. */
  readonly silenceMs?: number | undefined;
}

const MAIN = fileURLToPath(new URL("../../../apps/worker/src/main.ts", import.meta.url));
const HANDSHAKE_MS = 20_000;

/** glibc would give each thread a heap of its own, and keep what is freed in it: 18 MB of a run, for no time. */
const ONE_HEAP = { MALLOC_ARENA_MAX: "1" };
/** What is new in the heap of its main thread are a few messages a second: V8 would let that grow to 32 MB, 11 of them used. */
const YOUNG_HEAP = "--max-semi-space-size=1";

/** Starts a worker's process; `closing` kills it. */
export const launchWorker = (
  { threads, ffmpeg }: WorkerSettings,
  closing: AbortSignal | undefined,
  hooks: Pick<PeerHooks<WorkerEvent>, "onMessage" | "onTrouble">,
): Peer<WorkerCommand> =>
  startPeer(
    {
      command: [process.execPath, YOUNG_HEAP, MAIN, String(threads), ffmpeg],
      ...{ env: ONE_HEAP, signal: closing, stderr: "tail" },
    },
    { schema: workerEventSchema, ...hooks },
  );

/** Settles with `ready`; throws `worker_lost` when its end comes first, or nothing in time. */
export async function shakeHands(
  ready: Promise<void>,
  { ended, stderrTail }: Pick<Peer<WorkerCommand>, "ended" | "stderrTail">,
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
  void ended.then(() => fail(`its end: ${stderrTail()}`));
  try {
    await Promise.race([ready, failed]);
  } finally {
    clearTimeout(deadline);
    failed.catch(() => {});
  }
}
