import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Rung } from "@upreel/core";
import { startUpscale } from "@upreel/pipeline";
import type { Upscaler } from "@upreel/upscaler";
import type { ClipPlan } from "./decode-clip.ts";

/** Milliseconds of CPU that a frame of a real run takes, by stage. */
export interface StageFigures {
  readonly fps: number;
  readonly decodeMs: number;
  readonly networkMs: number;
  readonly encodeMs: number;
}

/** Frames before the clock starts. */
const WARM_UP = 16;
const POLL_MS = 5;
/** Kernel ticks last so long (USER_HZ is 100 on every Linux). */
const TICK_MS = 10;

interface Moment {
  readonly atMs: number;
  readonly frames: number;
  readonly decodeMs: number;
  readonly networkMs: number;
  readonly encodeMs: number;
}

/** A run over the first segments of a film, decoder to encoder, without the gateway. */
export async function measureStages(
  plan: ClipPlan,
  rung: Rung,
  { segments, upscaler, folder }: { segments: number; upscaler: Upscaler; folder: string },
): Promise<StageFigures> {
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
      const now = await look(run.pids, frames);
      // A process that is gone tells nothing.
      if (now !== undefined) last = now;
      first ??= now;
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  const end = await ended;
  if (end.why !== "finished" || first === undefined || last === undefined || first === last)
    throw new Error(`the run of ${rung.model.id} ended: ${JSON.stringify(end)}`);
  const [from, to] = [first, last];
  const frames = to.frames - from.frames;
  const each = (stage: "decodeMs" | "networkMs" | "encodeMs"): number =>
    (to[stage] - from[stage]) / frames;
  return {
    fps: (1_000 * frames) / (to.atMs - from.atMs),
    ...{ decodeMs: each("decodeMs"), networkMs: each("networkMs"), encodeMs: each("encodeMs") },
  };
}

async function look(pids: readonly number[], frames: number): Promise<Moment | undefined> {
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
  return { atMs: performance.now(), frames, decodeMs, networkMs: (user + system) / 1e3, encodeMs };
}
