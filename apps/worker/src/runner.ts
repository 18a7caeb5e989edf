import {
  UpreelError,
  toReason,
  type ResolvedRun,
  type RunEnd,
  type RungName,
  type RunStep,
  type WorkerEvent,
} from "@upreel/core";
import { startUpscale, type UpscaleRun } from "@upreel/pipeline";
import type { FaceStage, Upscaler } from "@upreel/upscaler";
import { createReporter, type RunReporter } from "./run-reporter.ts";

export interface RunnerParts {
  readonly upscaler: Upscaler;
  readonly send: (event: WorkerEvent) => void;
  readonly ffmpeg: string;
  readonly faceStage: FaceStage;
}

/** A run from its order to its end. */
interface CurrentRun {
  /** Ends its start; once it has started it is ended by itself. */
  readonly starting: AbortController;
  readonly reporter: RunReporter;
  isPaused: boolean;
  /** Undefined while it starts. */
  upscale: UpscaleRun | undefined;
}

/** Carries out one run at a time, and tells how it gets on. */
export function createRunner({ upscaler, send, ffmpeg, faceStage }: RunnerParts) {
  let current: CurrentRun | undefined;

  async function runToEnd(order: ResolvedRun, mine: CurrentRun): Promise<RunEnd> {
    const { reporter } = mine;
    const { signal } = mine.starting;
    let upscale: UpscaleRun;
    try {
      const { onRung, onRungRefused } = reporter;
      const onStep = (step: RunStep, atMs: number): void =>
        send({ type: "step", runId: order.runId, step, atMs });
      const deps = { upscaler, ffmpeg, faceStage, onRung, onRungRefused, onStep };
      upscale = await startUpscale(order, deps, signal);
    } catch (error) {
      return signal.aborted
        ? { why: "cancelled", frames: 0 }
        : { why: "failed", frames: 0, reason: toReason(error) };
    }
    mine.upscale = upscale;
    if (mine.isPaused) upscale.pause();
    if (signal.aborted) upscale.cancel();
    const { runId, rung } = order;
    const pids = [process.pid, ...upscale.pids];
    send({ type: "started", runId, pids, model: rung.model.id, provider: rung.provider });
    reporter.begin(upscale, () => mine.isPaused);
    const end = await upscale.ended.catch((error: unknown): RunEnd => ({
      ...{ why: "failed", frames: upscale.frames(), reason: toReason(error) },
    }));
    reporter.stop();
    return end;
  }

  return {
    /** Settles when the run is over. Rejects with `internal` while another one goes on. */
    async start(order: ResolvedRun): Promise<void> {
      const { runId } = order;
      if (current !== undefined) {
        throw new UpreelError("internal", `The worker was asked for two runs at once: ${runId}`);
      }
      const starting = new AbortController();
      const reporter = createReporter(order, send);
      current = { starting, reporter, isPaused: false, upscale: undefined };
      const end = await runToEnd(order, current).finally(() => (current = undefined));
      send({ type: "ended", runId, end });
    },
    setPaused(isPaused: boolean): void {
      if (current === undefined) return;
      current.isPaused = isPaused;
      if (isPaused) current.upscale?.pause();
      else current.upscale?.resume();
    },
    /** One that this run does not have, since its network is not on this machine, is refused. */
    setRung(rung: RungName, fromSegment: number): void {
      try {
        current?.upscale?.setRung(rung, fromSegment);
      } catch (error) {
        current?.reporter.refuse(rung, toReason(error));
      }
    },
    cancel(): void {
      current?.starting.abort();
      current?.upscale?.cancel();
    },
  };
}
