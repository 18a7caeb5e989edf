import {
  toReason,
  toUpreelError,
  workerCommandSchema,
  type Rung,
  type RungMeasurement,
  type WorkerCommand,
} from "@upreel/core";
import { measureQuickly } from "@upreel/upscaler";
import { createRunner, type RunnerParts } from "./runner.ts";

const HEARTBEAT_MS = 1_000;

export interface WorkerParts extends RunnerParts {
  /** Ends this process at once. */
  readonly exit: () => void;
}

/** The worker's side of the messages in core's worker-messages.ts: one run at a time. */
export function createWorker(parts: WorkerParts) {
  const { upscaler, send, exit } = parts;
  const runner = createRunner(parts);

  /** Settles when all that was asked for is loaded. */
  let warmed: Promise<void> = Promise.resolve();

  const logError = (message: string): void => send({ type: "log", level: "error", message });

  async function warm(rung: Rung): Promise<void> {
    try {
      await upscaler.load(rung);
      send({ type: "warmed", model: rung.model.id, provider: rung.provider });
    } catch (error) {
      send({ type: "warm-failed", reason: toReason(error) });
    }
  }

  /** Beside the threads' start everything seems slow. */
  async function look(rungs: readonly Rung[]): Promise<void> {
    await warmed;
    const sinceMs = performance.now();
    const measurements: RungMeasurement[] = [];
    for (const rung of rungs) {
      const { model, provider } = rung;
      measurements.push({ model: model.id, provider, measurement: await measureQuickly(rung) });
    }
    send({ type: "looked", measurements, tookMs: performance.now() - sinceMs });
  }

  function obey(command: WorkerCommand): void {
    switch (command.type) {
      case "warm": {
        const loaded = warm(command.rung);
        warmed = warmed.then(() => loaded);
        return;
      }
      case "look":
        void look(command.rungs);
        return;
      case "start":
        runner.start(command.order).catch((error: unknown) => {
          logError(toUpreelError(error).message);
        });
        return;
      case "pause":
        return runner.setPaused(true);
      case "resume":
        return runner.setPaused(false);
      case "set-rung":
        return runner.setRung(command.rung, command.fromSegment);
      case "cancel":
        return runner.cancel();
    }
  }

  return {
    /** Says hello and starts the heartbeat. */
    start(): void {
      send({ type: "ready", pid: process.pid });
      setInterval(() => send({ type: "heartbeat" }), HEARTBEAT_MS).unref();
    },
    /** Kills the ffmpegs, so that nothing half-made is ended as whole, then this process. */
    leave(): void {
      try {
        runner.cancel();
      } finally {
        exit();
      }
    },
    receive(message: unknown): void {
      const command = workerCommandSchema.safeParse(message);
      if (command.success) obey(command.data);
      else logError(`The worker got a message it does not know: ${command.error.message}`);
    },
  };
}
