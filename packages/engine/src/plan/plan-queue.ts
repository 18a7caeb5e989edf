import { UpreelError, type Log } from "@upreel/core";
import type { Planner } from "@upreel/streams";
import PQueue from "p-queue";

/** A machine that is busy makes ffprobe slow; what is still silent then is damaged, or lies on a dead disk. */
const ATTEMPTS = 4;

export interface PlanQueueOptions {
  readonly atATime: number;
  readonly log: Log;
  /** A film is read when nobody waits for an answer: processes are started by the thread that answers. */
  readonly whenAnswered: () => Promise<void>;
  /** All of a film is read when nobody waits for a segment. */
  readonly whenQuiet: (signal: AbortSignal) => Promise<void>;
}

/**
 * A planner that reads so many films at a time: each takes two or three processes, and three hundred
 * triggers at once would make all of them too slow. Who was too slow is tried again behind the others.
 */
export function queuePlans(
  planner: Planner,
  { atATime, log, whenAnswered, whenQuiet }: PlanQueueOptions,
): Planner {
  const queue = new PQueue({ concurrency: atATime });
  // These read all of a file: side by side they would only be in each other's way.
  const whole = new PQueue({ concurrency: 1 });
  return {
    async plan(file, profile, signal) {
      for (let attempt = 1; ; attempt += 1) {
        try {
          // An abort takes it out of the queue; one that has begun ends by itself.
          const read = async (): ReturnType<Planner["plan"]> => {
            await whenAnswered();
            return planner.plan(file, profile, signal);
          };
          return await queue.add(read, { signal, priority: -attempt });
        } catch (thrown) {
          signal.throwIfAborted();
          const isSlow = thrown instanceof UpreelError && thrown.code === "timeout";
          if (!isSlow || attempt === ATTEMPTS) throw thrown;
          log.warn(`${file.path} is read again: ${thrown.message}`, { attempt });
        }
      }
    },
    async planWhole(file, profile, signal, grid) {
      const read = async (): ReturnType<Planner["planWhole"]> => {
        await whenQuiet(signal);
        signal.throwIfAborted();
        return planner.planWhole(file, profile, signal, grid);
      };
      return await whole.add(read, { signal });
    },
    planGrowing: async (file, profile, signal, grid) =>
      await queue.add(() => planner.planGrowing(file, profile, signal, grid), { signal }),
    follow: (...given) => planner.follow(...given),
    ladderFor: (...given) => planner.ladderFor(...given),
  };
}
