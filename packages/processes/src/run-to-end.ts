import type { z } from "zod";
import { readLines } from "./read-lines.ts";
import type { ChildEnd, ChildOrder } from "./launch.ts";

/** What a process that was started for one answer came to. */
export interface Outcome<T> extends ChildEnd {
  /** Undefined where it ended, or was ended, without one. */
  readonly answer: T | undefined;
  /** It took longer than it may, and was killed. */
  readonly isTimedOut: boolean;
}

/**
 * Runs a process for the one answer that it prints as JSON: its last line, since drivers print, too. What it
 * prints is bounded, and so is its time. Rejects with the reason of `signal` alone.
 */
export async function runToEnd<T>(
  order: ChildOrder,
  { longestMs, schema }: { readonly longestMs: number; readonly schema: z.ZodType<T> },
): Promise<Outcome<T>> {
  const deadline = AbortSignal.timeout(longestMs);
  const signal = order.signal === undefined ? deadline : AbortSignal.any([order.signal, deadline]);
  const lines = readLines({ ...order, signal }, { silenceMs: longestMs });
  let last = "";
  for (;;) {
    const next = await lines.next();
    if (next.done === true) {
      order.signal?.throwIfAborted();
      const { isTimedOut, ...end } = next.value;
      return {
        ...end,
        isTimedOut: isTimedOut || (deadline.aborted && end.signal !== undefined),
        answer: parseLine(last, schema),
      };
    }
    if (next.value.trim() !== "") last = next.value;
  }
}

/** A line of JSON as `schema` says; undefined for anything else. */
export function parseLine<T>(line: string, schema: z.ZodType<T>): T | undefined {
  try {
    return schema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
