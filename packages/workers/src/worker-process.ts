import {
  workerEventSchema,
  type RunEnd,
  type RunOrder,
  type Rung,
  type WorkerCommand,
  type WorkerEvent,
  type Log,
} from "@upreel/core";
import type { WorkerProgress, WorkerRun } from "@upreel/streams";
import { launchWorker, shakeHands, watchForSilence, type WorkerSettings } from "./launch-worker.ts";

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
  const { child, stderrTail } = launchWorker(settings, closing);
  const { pid } = child;
  let pending: PendingRun | undefined;
  let isAlive = true;
  let lastHeardMs = performance.now();
  const { promise: ready, resolve: isReady } = Promise.withResolvers<void>();

  const send = (command: WorkerCommand): void => {
    // A message to a worker that just died is lost; its exit ends the run.
    if (isAlive) child.sendMessage(command).catch(() => {});
  };
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
  const listen = async (): Promise<void> => {
    for await (const message of child.getEachMessage()) {
      lastHeardMs = performance.now();
      const event = workerEventSchema.safeParse(message);
      if (event.success) {
        try {
          obey(event.data);
        } catch (error) {
          // Whoever is told of a message must not end the listening to the next ones.
          log.error(`Worker ${pid}: its message ${event.data.type} was not taken`, { error });
        }
      } else log.error(`Worker ${pid} sent a message that is not known`, { message });
    }
  };
  // The channel breaks when the worker dies; its exit says why.
  listen().catch(() => {});

  /** Killed by this process. */
  let isGivenUp = false;
  const exited = child.then((result) => {
    isAlive = false;
    const got =
      `${result.signal === undefined ? `exit code ${result.exitCode}` : `killed by ${result.signal}`}` +
      (stderrTail() === "" ? "" : `: ${stderrTail()}`);
    endRun({
      why: "failed",
      frames: 0,
      reason: {
        code: "worker_lost",
        message: `The worker process ${pid} is gone`,
        expected: "a worker until the end of its run",
        got,
      },
      wasKilled: result.signal === "SIGKILL" && !isGivenUp,
    });
  });

  try {
    await shakeHands(ready, exited, stderrTail);
  } catch (error) {
    child.kill("SIGKILL");
    throw error;
  }

  // From its hello on: a start has a deadline of its own.
  const { silenceMs = SILENCE_MS } = settings;
  const onSilence = (): void => {
    log.error(`Worker ${pid} has been silent for ${silenceMs / 1_000} s: it is killed`);
    isGivenUp = true;
    child.kill("SIGKILL");
  };
  watchForSilence(silenceMs, () => lastHeardMs, onSilence, exited);

  /** Nothing after the run's end: the worker may be busy with another one by then. */
  const tellRun = (runId: string, type: "pause" | "resume" | "cancel"): void => {
    if (pending?.runId === runId) send({ type });
  };
  return {
    pid: pid ?? 0,
    get isAlive() {
      return isAlive;
    },
    exited,
    warm: (rung) => send({ type: "warm", rung }),
    async start(order, onProgress) {
      const { promise: started, resolve: onStarted } = Promise.withResolvers<readonly number[]>();
      const { promise: ended, resolve: onEnded } = Promise.withResolvers<RunEnd>();
      pending = { runId: order.runId, onProgress, started: onStarted, ended: onEnded };
      send({ type: "start", order });
      if (!isAlive)
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
    kill() {
      isGivenUp = true;
      child.kill("SIGKILL");
    },
  };
}
