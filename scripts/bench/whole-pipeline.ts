import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Rung } from "@upreel/core";
import { startUpscale } from "@upreel/pipeline";
import type { Upscaler } from "@upreel/upscaler";
import type { ClipPlan } from "./decode-clip.ts";

/** Milliseconds of CPU: both ffmpegs, and this process, which is the network's. */
export interface StageCpu {
  readonly decodeMs: number;
  readonly networkMs: number;
  readonly encodeMs: number;
}

/** Of a real run, a frame each. */
export interface WholeFigures extends StageCpu {
  readonly fps: number;
  /** Share of inference that was saved, 0 to 1. */
  readonly saved: number;
}

interface Moment extends StageCpu {
  readonly atMs: number;
  readonly frames: number;
}

/** Frames before the clock starts: processes and caches are warm by then. */
const WARM_UP = 16;
const POLL_MS = 5;
/** A kernel tick, in which /proc counts (USER_HZ is 100 on every Linux). */
const TICK_MS = 10;

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
  let [first, last]: [Moment | undefined, Moment | undefined] = [undefined, undefined];
  while (!state.hasEnded) {
    const frames = run.frames();
    if (frames >= WARM_UP && frames > (last?.frames ?? 0)) {
      // Of a process that is gone nothing can be said: the moment before is the last one.
      last = (await look(run.pids, frames)) ?? last;
      first ??= last;
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  const end = await ended;
  if (end.why !== "finished" || first === undefined || last === undefined || first === last)
    throw new Error(`The run of ${rung.model.id} ended: ${JSON.stringify(end)}`);
  const [from, to] = [first, last];
  const frames = to.frames - from.frames;
  const each = (stage: keyof StageCpu): number => (to[stage] - from[stage]) / frames;
  return {
    fps: (1_000 * frames) / (to.atMs - from.atMs),
    ...{ decodeMs: each("decodeMs"), networkMs: each("networkMs"), encodeMs: each("encodeMs") },
    saved: run.saved() / run.frames(),
  };
}

/** What this process and `pids` have taken so far; nothing where one of those is gone. */
async function look(pids: readonly number[], frames: number): Promise<Moment | undefined> {
  const atMs = performance.now();
  const { user, system } = process.cpuUsage();
  let [decodeMs, encodeMs] = [0, 0];
  for (const pid of pids) {
    const [stat, command] = await Promise.all(
      ["stat", "cmdline"].map((name) =>
        readFile(`/proc/${pid}/${name}`, "utf8").catch(() => undefined),
      ),
    );
    if (stat === undefined || command === undefined) return undefined;
    // After the command's name in brackets: state is field 3, utime and stime are 14 and 15.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const ms = TICK_MS * (Number(fields[11]) + Number(fields[12]));
    // Only the encoder writes segments.
    if (command.includes("\0-c:v\0")) encodeMs += ms;
    else decodeMs += ms;
  }
  return { atMs, frames, decodeMs, networkMs: (user + system) / 1e3, encodeMs };
}
