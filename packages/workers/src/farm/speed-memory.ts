import { segmentFrames, type OutputSize, type RunOrder } from "@upreel/core";

/** Weight of a new figure. */
const SMOOTHING = 0.3;
const MOST_RUNS = 1_000;

/** How fast segments came from each machine, transfer included; undefined: none came yet. */
export interface SpeedMemory {
  note(machine: string, order: RunOrder, segment: number): void;
  /** Frames a second. */
  of(machine: string, model: string, output: OutputSize): number | undefined;
}

/**
 * By machine, network and size. A run's first segment counts its start: only what follows is measured. What is averaged is the
 * time, not the speed: after a line that stood still, the late segment and those that come all at once behind it make up
 * for each other.
 */
export function createSpeedMemory(nowMs: () => number): SpeedMemory {
  /** Milliseconds a frame. */
  const known = new Map<string, number>();
  const last = new Map<string, { readonly segment: number; readonly atMs: number }>();
  const keyOf = (machine: string, model: string, output: OutputSize): string => {
    const { inputWidth, inputHeight, width, height, encoder } = output;
    return [machine, model, inputWidth, inputHeight, width, height, encoder].join(" ");
  };
  return {
    note(machine, { runId, rung, output, timeline, toSegment }, segment) {
      const mine = last.get(runId);
      const atMs = nowMs();
      // Runs that were lost leave theirs.
      if (last.size > MOST_RUNS) last.clear();
      if (segment + 1 >= toSegment) last.delete(runId);
      else last.set(runId, { segment, atMs });
      if (mine?.segment !== segment - 1) return;
      const { first, end } = segmentFrames(timeline, segment);
      const frameMs = Math.max(1, atMs - mine.atMs) / (end - first);
      const key = keyOf(machine, rung.model.id, output);
      const old = known.get(key) ?? frameMs;
      known.set(key, old + SMOOTHING * (frameMs - old));
    },
    of(machine, model, output) {
      const frameMs = known.get(keyOf(machine, model, output));
      return frameMs === undefined ? undefined : 1_000 / frameMs;
    },
  };
}
