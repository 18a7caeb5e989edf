import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Rung } from "@upreel/core";
import { startUpscale } from "@upreel/pipeline";
import type { Upscaler } from "@upreel/upscaler";
import type { ClipPlan } from "./decode-clip.ts";

export interface WholeFigures {
  readonly fps: number;
  /** CPU seconds of a frame: this process and both ffmpegs. */
  readonly cpuSecondsPerFrame: number;
  /** Share of inference that was saved, 0 to 1. */
  readonly saved: number;
}

/** Frames before the clock starts: processes and caches are warm by then. */
const WARM_UP = 16;
const POLL_MS = 5;
/** Kernel ticks a second, in which /proc counts (USER_HZ, the same on every Linux). */
const TICKS = 100;

/** A real run over the first segments of a film, decoder to encoder, without the gateway. */
export async function measureWhole(
  plan: ClipPlan,
  rung: Rung,
  segments: number,
  upscaler: Upscaler,
  folder: string,
): Promise<WholeFigures> {
  const run = await startUpscale(
    {
      ...{ streamId: "bench", runId: "bench", folder: join(folder, "segments"), ...plan, rung },
      ...{ fromSegment: 0, toSegment: segments },
    },
    { upscaler, ffmpeg: "ffmpeg" },
    new AbortController().signal,
  );
  const state: { hasEnded: boolean } = { hasEnded: false };
  const ended = run.ended.finally(() => {
    state.hasEnded = true;
  });
  let from: { readonly atMs: number; readonly frames: number; readonly cpu: number } | undefined;
  let to = { atMs: 0, frames: 0, cpu: 0 };
  while (!state.hasEnded) {
    const frames = run.frames();
    if (frames >= WARM_UP && frames > to.frames) {
      to = { atMs: performance.now(), frames, cpu: await cpuSeconds(run.pids, to.cpu) };
      from ??= to;
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  const end = await ended;
  if (end.why !== "finished" || from === undefined || to.frames <= from.frames) {
    throw new Error(`The run of ${rung.model.id} ended: ${JSON.stringify(end)}`);
  }
  const frames = to.frames - from.frames;
  return {
    fps: (1_000 * frames) / (to.atMs - from.atMs),
    cpuSecondsPerFrame: (to.cpu - from.cpu) / frames,
    saved: run.saved() / to.frames,
  };
}

/** Of this process and `pids`; `last` where one of those is gone. */
async function cpuSeconds(pids: readonly number[], last: number): Promise<number> {
  const { user, system } = process.cpuUsage();
  const ticks = await Promise.all(
    pids.map(async (pid) => {
      const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
      // After the command's name in brackets: state is field 3, utime and stime are 14 and 15.
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      return Number(fields[11]) + Number(fields[12]);
    }),
  );
  const all = ticks.reduce((sum, each) => sum + each, 0);
  return Number.isNaN(all) ? last : (user + system) / 1e6 + all / TICKS;
}
