import { type RunEnd, type RunOrder, type Rung, type WorkerEvent, type Log } from "@upreel/core";
import type { WorkerProgress, WorkerRun } from "@upreel/streams";
import { watchForSilence } from "@upreel/processes";
import { launchWorker, shakeHands, type WorkerSettings } from "./launch-worker.ts";

/** The worker beats once a second from a thread that never infers; this long a silence means it hangs. */
const SILENCE_MS = 20_000;

/** One worker process under supervision. */
export interface WorkerProcess {
  readonly pid: number;
  readonly isAlive: boolean;
  /** Settles when the process is gone; never rejects. */
  readonly exited: Promise<void>;
  warm(rung: Rung): void;
  start(order: RunOrder, onProgress: (progress: WorkerProgress) => void): Promise<WorkerRun>;
  /** Also while `start` is under way; nothing once the run has ended. */
  cancel(runId: string): void;
  kill(): void;
}

interface PendingRun {
  readonly runId: string;
  readonly onProgress: (progress: WorkerProgress) => void;
  readonly started: (pids: readonly number[]) => void;
  readonly ended: (end: RunEnd) => void;
}

/** Starts a worker and waits for its hello; `closing` ends it, also before that. */
export async function startWorkerProcess(
  settings: WorkerSettings,
  log: Log,
  closing?: AbortSignal,
): Promise<WorkerProcess> {
  closing?.throwIfAborted();
  let pending: PendingRun | undefined;
  let lastHeardMs = performance.now();
  const { promise: ready, resolve: isReady } = Promise.withResolvers<void>();

  const endRun = (end: RunEnd): void => {
    const run = pending;
    pending = undefined;
    run?.ended(end);
  };

  const obey = (event: WorkerEvent): void => {
    switch (event.type) {
      case "ready":
        isReady();
        return;
      case "warmed":
        log.debug(`Worker ${pid} has ${event.model} loaded on ${event.provider}`);
        return;
      case "warm-failed":
        log.warn(event.reason.message, event.reason);
        return;
      case "started":
        if (event.runId === pending?.runId) pending.started(event.pids);
        return;
      case "progress":
        if (event.runId === pending?.runId) pending.onProgress(event);
        return;
      case "ended":
        if (event.runId === pending?.runId) endRun(event.end);
        return;
      case "heartbeat":
        return;
      case "log":
        log[event.level](event.message, { worker: pid });
        return;
    }
  };
  const worker = launchWorker(settings, closing, {
    onMessage(event) {
      lastHeardMs = performance.now();
      obey(event);
    },
    onTrouble({ message, error }) {
      lastHeardMs = performance.now();
      const what =
        error === undefined ? "sent a message that is not known" : "its message was not taken";
      log.error(`Worker ${pid}: ${what}`, { message, error });
    },
  });
  const { pid } = worker;
  const exited = worker.ended.then(({ how, signal, stderr, isGivenUp }) =>
    endRun({
      why: "failed",
      frames: 0,
      reason: {
        code: "worker_lost",
        message: `The worker process ${pid} is gone`,
        expected: "a worker until the end of its run",
        got: stderr === "" ? how : `${how}: ${stderr}`,
      },
      wasKilled: signal === "SIGKILL" && !isGivenUp,
    }),
  );

  try {
    await shakeHands(ready, worker);
  } catch (error) {
    worker.kill();
    throw error;
  }

  // From its hello on: a start has a deadline of its own.
  const { silenceMs = SILENCE_MS } = settings;
  const onSilence = (): void => {
    log.error(`Worker ${pid} has been silent for ${silenceMs / 1_000} s: it is killed`);
    worker.kill();
  };
  watchForSilence(worker, silenceMs, () => lastHeardMs, onSilence);

  /** Nothing after the run's end: the worker may be busy with another one by then. */
  const tellRun = (runId: string, type: "pause" | "resume" | "cancel"): void => {
    if (pending?.runId === runId) worker.send({ type });
  };
  return {
    pid,
    get isAlive() {
      return worker.isAlive;
    },
    exited,
    warm: (rung) => worker.send({ type: "warm", rung }),
    async start(order, onProgress) {
      const { promise: started, resolve: onStarted } = Promise.withResolvers<readonly number[]>();
      const { promise: ended, resolve: onEnded } = Promise.withResolvers<RunEnd>();
      pending = { runId: order.runId, onProgress, started: onStarted, ended: onEnded };
      worker.send({ type: "start", order });
      if (!worker.isAlive)
        endRun({
          why: "failed",
          frames: 0,
          reason: { code: "worker_lost", message: "The worker died before its run" },
        });
      const pids = await Promise.race([started, ended.then(() => [])]);
      const { runId } = order;
      return {
        pids,
        ended,
        pause: () => tellRun(runId, "pause"),
        resume: () => tellRun(runId, "resume"),
        cancel: () => tellRun(runId, "cancel"),
      };
    },
    cancel: (runId) => tellRun(runId, "cancel"),
    kill: () => worker.kill(),
  };
}
