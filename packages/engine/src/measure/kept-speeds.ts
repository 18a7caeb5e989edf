import { availableParallelism, cpus } from "node:os";
import { toNumber, type OutputSize, type Timeline, type Log, type Clock } from "@upreel/core";
import { JsonFile } from "@upreel/files";
import type { Ladder, SpeedNotes } from "@upreel/streams";
import { z } from "zod";

/** In the folder of models, like the measurements: `upreel upscale` has a data folder of its own. */
export const SPEEDS_FILE = ".speeds.json";

/** Four come in a second. Fewer say more of one scene than of the machine. */
const ENOUGH_NOTES = 40;
/** Weight of a new figure: about half a minute of memory. */
const SMOOTHING = 0.01;
/** Less than predicted may be for what the machine did beside: the next day it is tried again. */
const SLOW_KEPT_MS = 24 * 3_600_000;
const WRITE_AFTER_MS = 10_000;
/** Sizes and networks are few; the oldest are forgotten. */
const MAX_KEPT = 500;

const keptSchema = z.record(
  z.string(),
  z.object({
    framesPerSecond: z.number().positive(),
    notes: z.int().nonnegative(),
    atMs: z.number(),
  }),
);

export interface KeptSpeeds extends SpeedNotes, AsyncDisposable {
  /** With what this machine was seen to make in place of what is predicted. */
  apply(ladder: Ladder, output: OutputSize, timeline: Pick<Timeline, "rate">): Ladder;
}

/**
 * How fast whole runs were, by machine, network and size of the picture: a prediction from a short trial
 * knows nothing of decoder, encoder and memory. Kept in `file` over restarts.
 */
export async function keepSpeeds(
  file: string,
  {
    threads,
    log,
    clock,
  }: {
    readonly threads: number;
    readonly log: Pick<Log, "debug">;
    readonly clock: Clock;
  },
): Promise<KeptSpeeds> {
  const stored = new JsonFile(file, keptSchema, {
    ...{ isDurable: false, indent: 2, makesFolder: true },
  });
  const kept = new Map(Object.entries((await stored.readOrForget()) ?? {}));
  const machine = [cpus()[0]?.model, availableParallelism(), threads, process.versions.node];
  function keyOf({ model, provider }: Ladder[number]["rung"], output: OutputSize): string {
    const { inputWidth, inputHeight, width, height, encoder } = output;
    const size = `${inputWidth}x${inputHeight} to ${width}x${height}`;
    return [...machine, model.id, provider, encoder, size].join(" | ");
  }
  let timer: NodeJS.Timeout | undefined;

  async function write(): Promise<void> {
    timer = undefined;
    for (const oldest of kept.keys()) if (kept.size > MAX_KEPT) kept.delete(oldest);
    try {
      await stored.write(Object.fromEntries(kept));
    } catch (error) {
      log.debug(`${file} could not be written`, { error });
    }
  }

  return {
    note(rung, output, framesPerSecond) {
      if (!(framesPerSecond > 0)) return;
      const key = keyOf(rung, output);
      const known = kept.get(key) ?? { framesPerSecond, notes: 0 };
      const notes = known.notes + 1;
      // At first the mean of all.
      const weight = Math.max(SMOOTHING, 1 / notes);
      const smoothed = known.framesPerSecond + weight * (framesPerSecond - known.framesPerSecond);
      kept.delete(key);
      kept.set(key, { framesPerSecond: smoothed, notes, atMs: clock.nowMs() });
      timer ??= setTimeout(() => void write(), WRITE_AFTER_MS).unref();
    },
    apply: (ladder, output, timeline) =>
      ladder.map((each) => {
        const known = kept.get(keyOf(each.rung, output));
        if (known === undefined || known.notes < ENOUGH_NOTES) return each;
        const speed = known.framesPerSecond / toNumber(timeline.rate);
        const isOld = clock.nowMs() - known.atMs > SLOW_KEPT_MS;
        return isOld && speed < (each.expectedSpeed ?? 0)
          ? each
          : { ...each, expectedSpeed: speed };
      }),
    async [Symbol.asyncDispose]() {
      if (timer === undefined) return;
      clearTimeout(timer);
      await write();
    },
  };
}
