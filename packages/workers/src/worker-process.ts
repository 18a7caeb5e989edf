import {
  noteStep,
  type Log,
  type Rung,
  type RungMeasurement,
  type WorkerEvent,
} from "@upreel/core";
import { watchForSilence } from "@upreel/processes";
import { createCurrentRun } from "./current-run.ts";
import { launchWorker, shakeHands, type WorkerSettings } from "./launch-worker.ts";
import { lostRun, runsOfProcess, type ProcessRuns } from "./process-runs.ts";

/** The worker beats once a second from a thread that never infers; this long a silence means it hangs. */
const SILENCE_MS = 20_000;

/** One worker process under supervision. */
export interface WorkerProcess extends ProcessRuns {
  readonly pid: number;
  readonly isAlive: boolean;
  /** Settles when the process is gone; never rejects. */
  readonly exited: Promise<void>;
  warm(rung: Rung): void;
  /** How fast they are, once what is to be warmed is; nothing where the process dies of it. */
  look(rungs: readonly Rung[]): Promise<readonly RungMeasurement[]>;
  kill(): void;
}

/** Starts a worker and waits for its hello; `closing` ends it, also before that. */
export async function startWorkerProcess(
  settings: WorkerSettings,
  log: Log,
  closing?: AbortSignal,
): Promise<WorkerProcess> {
  closing?.throwIfAborted();
  const current = createCurrentRun();
  let onLooked: (measurements: readonly RungMeasurement[]) => void = () => undefined;
  let lastHeardMs = performance.now();
  const { promise: ready, resolve: isReady } = Promise.withResolvers<void>();

  const obey = (event: WorkerEvent): void => {
    switch (event.type) {
      case "ready":
        return isReady();
      case "warmed":
        return log.debug(`Worker ${pid} has ${event.model} loaded on ${event.provider}`);
      case "warm-failed":
        return log.warn(event.reason.message, event.reason);
      case "looked":
        log.debug(`A look at ${event.measurements.length} networks`, { tookMs: event.tookMs });
        return onLooked(event.measurements);
      case "started":
      case "progress":
      case "ended":
        return current.take(event);
      case "step":
        return noteStep(log, event.step, { run: event.runId }, event.atMs);
      case "heartbeat":
        return;
      case "log":
        return log[event.level](event.message, { worker: pid });
    }
  };
  const worker = launchWorker(settings, closing, {
    onMessage(event) {
      lastHeardMs = performance.now();
      obey(event);
    },
    onTrouble({ message, error }) {
      lastHeardMs = performance.now();
      const what = error === undefined ? "sent an unknown message" : "its message was not taken";
      log.error(`Worker ${pid}: ${what}`, { message, error });
    },
  });
  const { pid } = worker;
  const exited = worker.ended.then((end) => current.end(lostRun(pid, end)));

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

  return {
    pid,
    get isAlive() {
      return worker.isAlive;
    },
    exited,
    warm: (rung) => worker.send({ type: "warm", rung }),
    async look(rungs) {
      const { promise: looked, resolve } = Promise.withResolvers<readonly RungMeasurement[]>();
      onLooked = resolve;
      worker.send({ type: "look", rungs: [...rungs] });
      return await Promise.race([looked, exited.then(() => [])]);
    },
    ...runsOfProcess(worker, current, log),
    kill: () => worker.kill(),
  };
}
