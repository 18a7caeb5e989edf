import {
  UpreelError,
  toReason,
  toUpreelError,
  workerCommandSchema,
  type RunEnd,
  type ResolvedRun,
  type Rung,
  type WorkerCommand,
  type WorkerEvent,
} from "@upreel/core";
import { startUpscale, type UpscaleRun } from "@upreel/pipeline";
import type { Upscaler } from "@upreel/upscaler";
import { createReporter } from "./run-reporter.ts";

const HEARTBEAT_MS = 1_000;

export interface WorkerDependencies {
  readonly upscaler: Upscaler;
  readonly send: (event: WorkerEvent) => void;
  /** Ends this process at once. */
  readonly exit: () => void;
}

interface ActiveRun {
  readonly runId: string;
  readonly run: UpscaleRun;
  isPaused: boolean;
}

type SetRung = Extract<WorkerCommand, { type: "set-rung" }>;

interface StartingRun {
  readonly cancel: AbortController;
  isPaused: boolean;
  setRung?: SetRung;
}

/** The worker's side of the messages in core's worker-messages.ts: one run at a time. */
export function createWorker(deps: WorkerDependencies, options: { readonly ffmpeg: string }) {
  let active: ActiveRun | undefined;
  /** Set while `start` is being carried out, so that a cancel that comes meanwhile is kept. */
  let starting:
    | { readonly cancel: AbortController; isPaused: boolean; setRung?: SetRung }
    | undefined;

  async function warm(rung: Rung): Promise<void> {
    try {
      await deps.upscaler.load(rung);
      deps.send({ type: "warmed", model: rung.model.id, provider: rung.provider });
    } catch (error) {
      deps.send({ type: "warm-failed", reason: toReason(error) });
    }
  }

  async function start(order: ResolvedRun): Promise<void> {
    if (active !== undefined || starting !== undefined) {
      throw new UpreelError(
        "internal",
        `The worker was asked for two runs at once: ${order.runId}`,
      );
    }
    const { runId } = order;
    const mine: StartingRun = { cancel: new AbortController(), isPaused: false };
    starting = mine;
    let run: UpscaleRun;
    const reporter = createReporter(order, deps.send);
    try {
      const { signal } = mine.cancel;
      run = await startUpscale(order, { upscaler: deps.upscaler, ...options, ...reporter }, signal);
    } catch (error) {
      const end: RunEnd = mine.cancel.signal.aborted
        ? { why: "cancelled", frames: 0 }
        : { why: "failed", frames: 0, reason: toReason(error) };
      deps.send({ type: "ended", runId, end });
      return;
    } finally {
      starting = undefined;
    }
    active = { runId, run, isPaused: mine.isPaused };
    if (mine.isPaused) run.pause();
    if (mine.setRung !== undefined) setRung(mine.setRung);
    if (mine.cancel.signal.aborted) run.cancel();
    deps.send({
      type: "started",
      runId,
      pids: [process.pid, ...run.pids],
      model: order.rung.model.id,
      provider: order.rung.provider,
    });
    reporter.begin(run, () => active?.isPaused === true);
    const end = await run.ended.catch((error: unknown): RunEnd => ({
      why: "failed",
      frames: run.frames(),
      reason: toReason(error),
    }));
    reporter.stop();
    active = undefined;
    deps.send({ type: "ended", runId, end });
  }

  function setRung(command: SetRung): void {
    if (starting !== undefined) starting.setRung = command;
    try {
      active?.run.setRung(command.rung, command.fromSegment);
    } catch (error) {
      deps.send({ type: "log", level: "error", message: toUpreelError(error).message });
    }
  }

  /** Kills the ffmpegs, so that nothing half-made is ended as whole, then this process. */
  function leave(): void {
    try {
      active?.run.cancel();
    } finally {
      deps.exit();
    }
  }

  function obey(command: WorkerCommand): void {
    switch (command.type) {
      case "warm":
        void warm(command.rung);
        return;
      case "start":
        start(command.order).catch((error: unknown) => {
          deps.send({ type: "log", level: "error", message: toUpreelError(error).message });
        });
        return;
      case "pause":
        if (starting !== undefined) starting.isPaused = true;
        active?.run.pause();
        if (active !== undefined) active.isPaused = true;
        return;
      case "resume":
        if (starting !== undefined) starting.isPaused = false;
        active?.run.resume();
        if (active !== undefined) active.isPaused = false;
        return;
      case "set-rung":
        setRung(command);
        return;
      case "cancel":
        starting?.cancel.abort();
        active?.run.cancel();
        return;
    }
  }

  return {
    /** Says hello and starts the heartbeat. */
    start(): void {
      deps.send({ type: "ready", pid: process.pid });
      setInterval(() => {
        deps.send({ type: "heartbeat" });
      }, HEARTBEAT_MS).unref();
    },
    leave,
    receive(message: unknown): void {
      const command = workerCommandSchema.safeParse(message);
      if (command.success) obey(command.data);
      else {
        deps.send({
          type: "log",
          level: "error",
          message: `The worker got a message it does not know: ${command.error.message}`,
        });
      }
    },
  };
}
