import type { Clock } from "@upreel/core";
import type { Streams } from "@upreel/streams";
import { untilDecided } from "./prove-stream.ts";

/** Longer ones are no starts: a disk that sleeps, a machine that does something else. */
const LONGEST_MS = 30_000;
/** Who watches and has less ready shares the machine with who begins. */
const SHARING_SECONDS = 6;
/** Weight of the newest start. */
const SMOOTHING = 0.3;

/** A start whose first segment takes `makingMs` of a machine that does nothing else. */
export interface FilmStart {
  readonly id: string;
  readonly startSeconds: number;
  readonly makingMs: number;
}

/**
 * How long first segments take here: the making of the pictures, and what comes before it, which is
 * measured at each start that had the machine alone.
 */
export function createStartTimes(
  streams: Pick<Streams, "list" | "status" | "subscribe">,
  clock: Clock,
) {
  let overheadMs: number | undefined;
  /** All else leaves the machine to who waits. */
  const othersAtWork = (id: string): number =>
    streams
      .list()
      .filter(({ state, viewers }) => state === "running" && viewers > 0)
      .filter((each) => each.id !== id && each.leadSeconds < SHARING_SECONDS).length;
  return {
    /** From now on; undefined while none was measured. */
    expectMs: ({ id, makingMs }: Pick<FilmStart, "id" | "makingMs">): number | undefined =>
      overheadMs === undefined ? undefined : overheadMs + makingMs * (1 + othersAtWork(id)),
    /** From now until the first segment is there. Never rejects. */
    async measure({ id, startSeconds, makingMs }: FilmStart): Promise<void> {
      const begunAtMs = clock.nowMs();
      if (othersAtWork(id) > 0) return;
      const how = await untilDecided(streams, id, startSeconds, LONGEST_MS).catch(() => "failed");
      if (how !== "ready" || othersAtWork(id) > 0) return;
      const measured = Math.max(0, clock.nowMs() - begunAtMs - makingMs);
      overheadMs =
        overheadMs === undefined ? measured : overheadMs + SMOOTHING * (measured - overheadMs);
    },
  };
}

export type StartTimes = ReturnType<typeof createStartTimes>;
