import { readFileSync } from "node:fs";
import { availableParallelism, loadavg } from "node:os";
import { heldUpBy, type StageReport } from "@upreel/core";
import type { UpscaleRun } from "@upreel/pipeline";
import { createMean } from "./mean.ts";

/** Linux counts the time of processes in hundredths of a second, on every machine of these days. */
const CPU_TICKS_PER_SECOND = 100;

/** Processes for each core that want to compute. */
const CROWDED_LOAD = 2;

export type MeasuredRun = Pick<UpscaleRun, "pids" | "pipeTimes">;

/** What holds a run up: to be asked at regular intervals while it is not paused. */
export function createStageMeter(run: MeasuredRun): (nowMs: number) => StageReport | undefined {
  const [decoder = 0, encoder = 0] = run.pids;
  const smooth = [0, 0, 0, 0].map(createMean);
  let last: { readonly atMs: number; readonly cpu: readonly (number | undefined)[] } | undefined;
  return (nowMs) => {
    const times = run.pipeTimes();
    const cpu = [cpuSeconds(decoder), cpuSeconds(encoder)] as const;
    const before = last;
    last = { atMs: nowMs, cpu };
    if (before === undefined || nowMs <= before.atMs) return undefined;
    const elapsedMs = nowMs - before.atMs;
    // On a crowded machine who computes little waits for its turn, not for a disk.
    const isCrowded = (loadavg()[0] ?? 0) > CROWDED_LOAD * availableParallelism();
    const cores = cpu.map((seconds, i) => {
      if (isCrowded) return undefined;
      const [now, then] = [seconds, before.cpu[i]];
      // A decoder may be another process by now.
      if (now === undefined || then === undefined || now < then) return undefined;
      return ((now - then) * 1_000) / elapsedMs;
    });
    const [decode = 0, encode = 0, decoderCores, encoderCores] = [
      times.decoderMs / elapsedMs,
      times.encoderMs / elapsedMs,
      ...cores,
    ].map((value, i) => (value === undefined ? undefined : smooth[i]?.(value)));
    const stage = heldUpBy({ decode, encode, decoderCores, encoderCores });
    return { heldUpBy: stage, decode: round(decode), encode: round(encode) };
  };
}

/** Undefined where there is no such file, or no such process. */
function cpuSeconds(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // After the name, which may hold anything: state is field 3, user and system time are 14 and 15.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return (Number(fields[11]) + Number(fields[12])) / CPU_TICKS_PER_SECOND;
  } catch {
    return undefined;
  }
}

const round = (value: number): number => Math.round(Math.min(1, value) * 100) / 100;
